import type { Host } from '../../host/host.ts';
import { parseCudaVersion } from '../../units/cuda-version.ts';
import type { SmiFacts } from '../facts/driver-facts.ts';
import { askSmi, type AskSmiOptions, type SmiAnswer } from './ask-smi.ts';
import { oldSmiFields, parseSmiCsv, smiFields } from './parse-smi-csv.ts';
import { parseSmiList } from './parse-smi-list.ts';
import { parseSmiXml } from './parse-smi-xml.ts';
import type { SmiGpu, SmiReport } from './smi-gpu.ts';

export interface SmiReading {
  readonly facts: SmiFacts;
  readonly gpus: readonly SmiGpu[];
}

export interface ReadSmiOptions extends AskSmiOptions {
  /** Only the short query: names, capabilities, driver, memory. @defaultValue false */
  readonly isShort?: boolean | undefined;
}

/** Asks nvidia-smi for everything: the query knows the capability, the XML form the rest, `-L` the MIG instances. */
export async function readSmi(host: Host, options: ReadSmiOptions = {}): Promise<SmiReading> {
  const [query, xml] = await Promise.all([
    readQuery(host, options),
    options.isShort === true ? undefined : askSmi(host, ['-q', '-x'], options),
  ]);
  const detail = xml?.outcome === 'answered' ? parseSmiXml(xml.stdout) : noReport;
  const merged = mergeGpus(query.report.gpus, detail.gpus);
  const hasMig = merged.some(({ mig }) => mig?.mode === 'enabled');
  const gpus = hasMig ? await addMigNames(merged, host, options) : merged;
  const answer = query.answer.outcome === 'answered' ? query.answer : (xml ?? query.answer);
  return {
    gpus,
    facts: {
      outcome: findOutcome(answer, gpus),
      command: answer.command,
      message: answer.message,
      driverVersion: query.report.driverVersion ?? detail.driverVersion,
      cudaVersion: parseCudaVersion(detail.cudaVersion ?? ''),
    },
  };
}

const noReport: SmiReport = { driverVersion: undefined, cudaVersion: undefined, gpus: [] };

async function readQuery(
  host: Host,
  options: AskSmiOptions,
): Promise<{ readonly answer: SmiAnswer; readonly report: SmiReport }> {
  const answer = await askSmi(host, createQuery(smiFields), options);
  if (answer.isFieldUnknown) {
    const older = await askSmi(host, createQuery(oldSmiFields), options);
    return { answer: older, report: parseAnswer(older, oldSmiFields) };
  }
  return { answer, report: parseAnswer(answer, smiFields) };
}

function createQuery(fields: readonly string[]): readonly string[] {
  return [`--query-gpu=${fields.join(',')}`, '--format=csv,noheader'];
}

function parseAnswer({ outcome, stdout }: SmiAnswer, fields: readonly string[]): SmiReport {
  return outcome === 'answered' ? parseSmiCsv(stdout, fields) : noReport;
}

/** Both list the same GPUs in the same order. */
function mergeGpus(queried: readonly SmiGpu[], detailed: readonly SmiGpu[]): readonly SmiGpu[] {
  const [longer, shorter] =
    queried.length >= detailed.length ? [queried, detailed] : [detailed, queried];
  return longer.map((gpu, at) => {
    const other = shorter.find(({ pciAddress }) => pciAddress === gpu.pciAddress) ?? shorter[at];
    return mergeGpu(other, gpu);
  });
}

/** What the first does not tell, the second may. */
function mergeGpu(second: SmiGpu | undefined, first: SmiGpu): SmiGpu {
  const facts = Object.entries(first).filter(([, value]) => value !== undefined);
  return { ...second, ...Object.fromEntries(facts) };
}

async function addMigNames(
  gpus: readonly SmiGpu[],
  host: Host,
  options: AskSmiOptions,
): Promise<readonly SmiGpu[]> {
  const listed = parseSmiList((await askSmi(host, ['-L'], options)).stdout);
  return gpus.map((gpu, at) => {
    const known = gpu.mig?.instances ?? [];
    const names = listed[at] ?? [];
    const empty = { memoryTotalBytes: undefined, memoryFreeBytes: undefined };
    const instances = names.map((name, index) => ({ ...empty, ...known[index], ...name }));
    return {
      ...gpu,
      mig: { mode: gpu.mig?.mode, instances: names.length > 0 ? instances : known },
    };
  });
}

function findOutcome(answer: SmiAnswer, gpus: readonly SmiGpu[]): SmiFacts['outcome'] {
  return answer.outcome === 'answered' && gpus.length === 0 ? 'unreadable' : answer.outcome;
}
