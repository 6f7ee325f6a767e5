import { basename } from 'node:path';
import type { NvmlDevice } from './native-answer.ts';
import { readCText } from './native-library.ts';
import { NVML_SUCCESS, type NvmlCalls } from './nvml-calls.ts';

type NvmlProcess = NvmlDevice['processes'][number];

/** What NVML gives for the memory of a process that it may not see. */
const NO_VALUE = 0xff_ff_ff_ff_ff_ff_ff_ffn;
const PROCESS_LIMIT = 256;
/** nvmlProcessInfo_t of versions 2 and 3: pid, 4 bytes of padding, used memory, two instance numbers. */
const ENTRY_BYTES = 24;

/** The programs that hold memory of a GPU. A program that computes and draws is in both of NVML's lists. */
export function readNvmlProcesses(calls: NvmlCalls, device: bigint): NvmlProcess[] {
  const found = ['Compute', 'Graphics'].flatMap((kind) => readList(calls, device, kind));
  return [...new Map(found.map((process) => [process.pid, process])).values()];
}

function readList(calls: NvmlCalls, device: bigint, kind: string): NvmlProcess[] {
  const stem = `nvmlDeviceGet${kind}RunningProcesses`;
  const call = calls.declare([`${stem}_v3`, `${stem}_v2`], ['pointer', 'pointer', 'pointer']);
  const count = Buffer.alloc(4);
  count.writeUInt32LE(PROCESS_LIMIT);
  const out = Buffer.alloc(PROCESS_LIMIT * ENTRY_BYTES);
  if (call(device, count, out) !== NVML_SUCCESS) return [];
  return Array.from({ length: Math.min(count.readUInt32LE(), PROCESS_LIMIT) }, (_, at) => {
    const pid = out.readUInt32LE(at * ENTRY_BYTES);
    const used = out.readBigUInt64LE(at * ENTRY_BYTES + 8);
    return {
      pid,
      name: readName(calls, pid),
      memoryBytes: used === NO_VALUE ? undefined : Number(used),
    };
  });
}

/** Without its folder, which may name a person. */
function readName(calls: NvmlCalls, pid: number): string | undefined {
  const out = Buffer.alloc(512);
  const call = calls.declare('nvmlSystemGetProcessName', ['uint', 'pointer', 'uint']);
  if (call(pid, out, out.length) !== NVML_SUCCESS) return undefined;
  return basename(readCText(out).split(' ')[0] ?? '');
}
