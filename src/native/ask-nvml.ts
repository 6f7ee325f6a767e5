import type { LibraryHandle } from 'koffi';
import type { Koffi } from './load-koffi.ts';
import type { NvmlAnswer } from './native-answer.ts';
import { declareCall, findLoadedPath, readCText } from './native-library.ts';
import { createNvmlCalls } from './nvml-calls.ts';
import { readNvmlDevice } from './read-nvml-device.ts';

const SUCCESS = 0;
const DEVICE_LIMIT = 128;

export interface AskNvmlOptions {
  readonly fileName: string;
  readonly readMaps: () => string | undefined;
  readonly onStep: (step: string, known: NvmlAnswer) => void;
}

/** Loads NVML and asks it for the driver and every GPU. Names and codes: nvml.h of the CUDA toolkit. */
export function askNvml(koffi: Koffi, options: AskNvmlOptions): NvmlAnswer {
  const { fileName, readMaps, onStep } = options;
  let answer: NvmlAnswer = { isLoaded: false, devices: [] };
  let library;
  try {
    library = koffi.load(fileName, { lazy: true });
  } catch (error) {
    return { ...answer, loadError: error instanceof Error ? error.message : String(error) };
  }
  answer = { ...answer, isLoaded: true, path: findLoadedPath(readMaps(), fileName) };
  onStep('nvmlInit', answer);
  const initResult = declareCall(library, ['nvmlInit_v2', 'nvmlInit'], [])();
  answer = { ...answer, initResult };
  if (initResult !== SUCCESS) {
    const describe = library.func('nvmlErrorString', 'str', ['int']);
    const text: unknown = initResult === undefined ? undefined : describe(initResult);
    return { ...answer, ...(typeof text === 'string' && { initError: text }) };
  }
  answer = { ...answer, ...readSystem(library) };
  onStep('nvmlDeviceGetHandleByIndex', answer);
  const calls = createNvmlCalls(library);
  const length = Math.min(answer.deviceCount ?? 0, DEVICE_LIMIT);
  const indexes = Array.from({ length }, (_, at) => at);
  return { ...answer, devices: indexes.flatMap((index) => readNvmlDevice(calls, index) ?? []) };
}

function readSystem(library: LibraryHandle): Partial<NvmlAnswer> {
  const version = Buffer.alloc(96);
  const getVersion = declareCall(library, 'nvmlSystemGetDriverVersion', ['pointer', 'uint']);
  const driverVersion = getVersion(version, version.length) === SUCCESS ? readCText(version) : '';
  const out = Buffer.alloc(4);
  const getCudaVersion = declareCall(
    library,
    ['nvmlSystemGetCudaDriverVersion_v2', 'nvmlSystemGetCudaDriverVersion'],
    ['pointer'],
  );
  const cudaVersion = getCudaVersion(out) === SUCCESS ? out.readInt32LE() : undefined;
  const getCount = declareCall(
    library,
    ['nvmlDeviceGetCount_v2', 'nvmlDeviceGetCount'],
    ['pointer'],
  );
  const deviceCount = getCount(out) === SUCCESS ? out.readUInt32LE() : undefined;
  return { ...(driverVersion !== '' && { driverVersion }), cudaVersion, deviceCount };
}
