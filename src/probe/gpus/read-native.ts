import { NATIVE_PROBE, type Host, type RunResult } from '../../host/host.ts';
import type { LibcudaAnswer, NativeAnswer, NvmlAnswer } from '../../native/native-answer.ts';
import type { CudaVersion } from '../../units/cuda-version.ts';
import { askProgram, type AskOptions } from '../ask-program.ts';
import { cleanText, firstLine } from '../clean-text.ts';
import type { LibcudaFacts, NativeFacts, NvmlFacts } from '../facts/driver-facts.ts';

export interface NativeReading {
  readonly facts: NativeFacts;
  readonly answer: NativeAnswer | undefined;
}

/** cuInit of a host with eight GPUs and without persistence takes seconds. */
const NATIVE_TIMEOUT_MS = 20_000;

const nothing: NativeFacts = {
  outcome: 'skipped',
  message: undefined,
  lastStep: undefined,
  signal: undefined,
  libcuda: undefined,
  nvml: undefined,
};

/** Why the libraries were not asked. */
export function skipNative(message: string): NativeReading {
  return { facts: { ...nothing, message }, answer: undefined };
}

/** Loads libcuda and NVML in a process of its own. Never throws, other than when the signal fires. */
export async function readNative(host: Host, options: AskOptions = {}): Promise<NativeReading> {
  const { signal, timeoutMs = NATIVE_TIMEOUT_MS } = options;
  const result = await askProgram(host, [NATIVE_PROBE], { signal, timeoutMs });
  // Loaded only where there is something to parse.
  const { parseNativeAnswer } = await import('../../native/parse-native-answer.ts');
  const answer = parseNativeAnswer(result.stdout);
  return { facts: describeNative(result, answer), answer };
}

function describeNative(result: RunResult, answer: NativeAnswer | undefined): NativeFacts {
  const lastStep = cleanText(answer?.step);
  const known = {
    ...nothing,
    lastStep,
    libcuda: answer?.libcuda && describeLibcuda(answer.libcuda),
    nvml: answer?.nvml && describeNvml(answer.nvml),
  };
  const where = lastStep === undefined ? '' : ` in ${lastStep}`;
  // Whatever came after its last word.
  if (answer?.step === 'done') return { ...known, outcome: 'answered' };
  if (answer?.unavailable !== undefined) {
    return { ...known, outcome: 'unavailable', message: cleanText(answer.unavailable) };
  }
  if (result.isTimedOut === true) {
    return { ...known, outcome: 'timed-out', message: `It gave no answer${where}.` };
  }
  if (result.signal !== undefined) {
    const signal = cleanText(result.signal);
    return { ...known, outcome: 'crashed', signal, message: `It died of ${signal}${where}.` };
  }
  if (!result.isInstalled) {
    return { ...known, outcome: 'unavailable', message: 'The process could not be started.' };
  }
  return { ...known, outcome: 'failed', message: firstLine(result.stderr) ?? 'It said nothing.' };
}

function describeLibcuda(answer: LibcudaAnswer): LibcudaFacts {
  return {
    isLoaded: answer.isLoaded,
    path: cleanText(answer.path),
    loadError: cleanText(answer.loadError),
    initResult: answer.initResult,
    initErrorName: cleanText(answer.initError),
    cudaVersion: parsePackedVersion(answer.cudaVersion),
    deviceCount: answer.deviceCount,
  };
}

function describeNvml(answer: NvmlAnswer): NvmlFacts {
  return {
    isLoaded: answer.isLoaded,
    path: cleanText(answer.path),
    loadError: cleanText(answer.loadError),
    initResult: answer.initResult,
    initError: cleanText(answer.initError),
    driverVersion: cleanText(answer.driverVersion),
    deviceCount: answer.deviceCount,
  };
}

/** 12040 is 12.4: cuda.h, CUDA_VERSION. */
function parsePackedVersion(packed: number | undefined): CudaVersion | undefined {
  if (packed === undefined || packed < 1000) return undefined;
  return { major: Math.floor(packed / 1000), minor: Math.floor((packed % 1000) / 10) };
}
