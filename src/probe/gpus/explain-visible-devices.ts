import { cleanText } from '../clean-text.ts';
import type { GpuFacts } from '../facts/gpu-facts.ts';
import type { VisibleDeviceEntry, VisibleDevicesFacts } from '../facts/visible-devices-facts.ts';

type NamedGpu = Pick<GpuFacts, 'name' | 'uuid' | 'mig'>;

export interface VisibleDevicesInput {
  /** CUDA_VISIBLE_DEVICES. */
  readonly value: string | undefined;
  /** CUDA_DEVICE_ORDER. */
  readonly order: string | undefined;
}

/** CUDA itself reads no more. */
const ENTRY_LIMIT = 128;

/**
 * Says which GPUs CUDA_VISIBLE_DEVICES leaves: the CUDA C++ Programming Guide, "CUDA Environment Variables". Entries are numbers, UUIDs
 * or beginnings of UUIDs that fit one GPU; the first that names none ends the list. A GPU whose UUID is not known counts
 * as named by any.
 */
export function explainVisibleDevices(
  { value, order }: VisibleDevicesInput,
  gpus: readonly NamedGpu[],
): VisibleDevicesFacts {
  const isPciOrder = order === 'PCI_BUS_ID' || new Set(gpus.map(({ name }) => name)).size <= 1;
  const confidence = isPciOrder ? 'certain' : 'likely';
  const all = gpus.map((_, index) => index);
  if (value === undefined) {
    const hasMig = gpus.some(({ mig }) => mig.mode === 'enabled');
    const limit = hasMig ? ', but of those in MIG mode only one instance' : '';
    const explanation = `CUDA_VISIBLE_DEVICES is not set: CUDA sees every GPU${limit}.`;
    const facts = { value, effect: 'unset', entries: [], gpuIndexes: all } as const;
    return { ...facts, explanation, confidence };
  }
  const entries = readEntries(value, gpus);
  const used = entries.filter(({ status }) => status === 'used');
  const isRefused = entries.some(({ status }) => status === 'duplicate');
  const gpuIndexes = isRefused ? [] : used.flatMap(({ gpuIndex }) => gpuIndex ?? []);
  const seen = new Set(gpuIndexes);
  // A program sees one instance of a MIG GPU, whatever else is named.
  const hasOtherInstances = gpus.some(({ mig }) => mig.instances.length > 1);
  const isAll = seen.size === gpus.length && !hasOtherInstances;
  const effect = gpuIndexes.length === 0 ? 'none' : isAll ? 'all' : 'some';
  const shown = cleanText(value) ?? '';
  return {
    value: shown,
    effect,
    entries,
    gpuIndexes,
    explanation: explain(shown, entries, gpus, gpuIndexes),
    confidence,
  };
}

function readEntries(value: string, gpus: readonly NamedGpu[]): readonly VisibleDeviceEntry[] {
  if (value.trim() === '') return [];
  const entries: VisibleDeviceEntry[] = [];
  const places: Place[] = [];
  let isEnded = false;
  for (const part of value.split(',').slice(0, ENTRY_LIMIT)) {
    const text = cleanText(part) ?? '';
    const place: Place | undefined = isEnded ? undefined : findPlace(text, gpus);
    const isDuplicate = places.some((known) => place !== undefined && isSamePlace(known, place));
    const status: VisibleDeviceEntry['status'] =
      place === undefined ? 'invalid' : isDuplicate ? 'duplicate' : 'used';
    if (place !== undefined) places.push(place);
    entries.push({
      text,
      status: isEnded ? 'ignored' : status,
      gpuIndex: place?.gpuIndex,
      migIndex: place?.migIndex,
    });
    isEnded ||= status !== 'used';
  }
  return entries;
}

interface Place {
  readonly gpuIndex: number;
  readonly migIndex: number | undefined;
  /** A guess, since the GPUs' UUIDs are not known. */
  readonly isGuess?: boolean;
}

function isSamePlace(left: Place, right: Place): boolean {
  if (left.isGuess === true || right.isGuess === true) return false;
  return left.gpuIndex === right.gpuIndex && left.migIndex === right.migIndex;
}

function findPlace(text: string, gpus: readonly NamedGpu[]): Place | undefined {
  if (/^\d{1,4}$/.test(text)) {
    return Number(text) < gpus.length ? { gpuIndex: Number(text), migIndex: undefined } : undefined;
  }
  if (/^MIG-/i.test(text)) return findMig(text, gpus);
  if (!/^GPU-/i.test(text)) return undefined;
  const fitting = gpus.flatMap(({ uuid }, index) => (startsWith(uuid, text) ? [index] : []));
  const [gpuIndex, ...others] = fitting;
  if (gpuIndex !== undefined && others.length === 0) return { gpuIndex, migIndex: undefined };
  const unknown = gpus.findIndex(({ uuid }) => uuid === undefined);
  return unknown < 0 ? undefined : { gpuIndex: unknown, migIndex: undefined, isGuess: true };
}

/** `MIG-<uuid>`, or before R470 `MIG-GPU-<uuid>/<gpu instance>/<compute instance>`. */
function findMig(text: string, gpus: readonly NamedGpu[]): Place | undefined {
  for (const [gpuIndex, { mig }] of gpus.entries()) {
    const migIndex = mig.instances.findIndex(({ uuid }) => startsWith(uuid, text));
    if (migIndex >= 0) return { gpuIndex, migIndex };
  }
  const parent = /^MIG-(GPU-[\da-f-]+)\//i.exec(text)?.[1];
  const byParent = gpus.findIndex(({ uuid }) => parent !== undefined && startsWith(uuid, parent));
  if (byParent >= 0) return { gpuIndex: byParent, migIndex: undefined, isGuess: true };
  const isUnknown = ({ mig }: NamedGpu): boolean =>
    mig.mode !== 'disabled' &&
    mig.mode !== 'unsupported' &&
    mig.instances.every(({ uuid }) => uuid === undefined);
  const unknown = gpus.findIndex(isUnknown);
  return unknown < 0 ? undefined : { gpuIndex: unknown, migIndex: undefined, isGuess: true };
}

function startsWith(uuid: string | undefined, text: string): boolean {
  return uuid?.toLowerCase().startsWith(text.toLowerCase()) === true;
}

function explain(
  value: string,
  entries: readonly VisibleDeviceEntry[],
  gpus: readonly NamedGpu[],
  gpuIndexes: readonly number[],
): string {
  const variable = `CUDA_VISIBLE_DEVICES=${value}`;
  const stop = entries.find(({ status }) => status === 'invalid' || status === 'duplicate');
  const result = describeResult(entries, gpus, gpuIndexes);
  if (stop?.status === 'duplicate') {
    return `${variable} names "${stop.text}" twice, and CUDA refuses such a list: ${result}.`;
  }
  if (stop !== undefined) {
    return `${variable}: "${stop.text}" names no GPU of this host, and CUDA stops reading there: ${result}.`;
  }
  return entries.length === 0
    ? `CUDA_VISIBLE_DEVICES is empty: ${result}.`
    : `${variable}: ${result}.`;
}

function describeResult(
  entries: readonly VisibleDeviceEntry[],
  gpus: readonly NamedGpu[],
  gpuIndexes: readonly number[],
): string {
  if (gpuIndexes.length === 0) return 'CUDA sees no GPU';
  const mig = entries.find(({ migIndex }) => migIndex !== undefined);
  const instance = gpus[mig?.gpuIndex ?? -1]?.mig.instances[mig?.migIndex ?? -1];
  if (instance !== undefined) return `CUDA sees the MIG instance ${instance.profile ?? 'named'}`;
  const count = gpus.length === 1 ? 'the GPU' : `${gpuIndexes.length} of ${gpus.length} GPUs`;
  return `CUDA sees ${count}`;
}
