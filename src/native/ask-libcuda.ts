import type { Koffi } from './load-koffi.ts';
import type { CudaDevice, LibcudaAnswer } from './native-answer.ts';
import { declareCall, findLoadedPath, readCText, type NativeCall } from './native-library.ts';

const SUCCESS = 0;
/** CUdevice_attribute of cuda.h. */
const attributes = { isIntegrated: 18, capabilityMajor: 75, capabilityMinor: 76 };
const DEVICE_LIMIT = 128;

export interface AskOptions {
  readonly fileName: string;
  /** Gives /proc/self/maps, or nothing. */
  readonly readMaps: () => string | undefined;
  /** Says what comes next, in case this process does not live to tell. */
  readonly onStep: (step: string, known: LibcudaAnswer) => void;
}

/** Loads libcuda and asks it for its version and devices. No context is made: that would take memory of the GPU. */
export function askLibcuda(koffi: Koffi, options: AskOptions): LibcudaAnswer {
  const { fileName, readMaps, onStep } = options;
  let answer: LibcudaAnswer = { isLoaded: false, devices: [] };
  let library;
  try {
    library = koffi.load(fileName, { lazy: true });
  } catch (error) {
    return { ...answer, loadError: error instanceof Error ? error.message : String(error) };
  }
  answer = { ...answer, isLoaded: true, path: findLoadedPath(readMaps(), fileName) };
  onStep('cuDriverGetVersion', answer);
  const version = readNumber(declareCall(library, 'cuDriverGetVersion', ['pointer']));
  answer = { ...answer, cudaVersion: version };
  onStep('cuInit', answer);
  const initResult = declareCall(library, 'cuInit', ['uint'])(0);
  answer = { ...answer, initResult };
  if (initResult !== undefined && initResult !== SUCCESS) {
    const getName = declareCall(library, 'cuGetErrorName', ['int', 'pointer']);
    return { ...answer, initError: readErrorName(koffi, getName, initResult) };
  }
  onStep('cuDeviceGetCount', answer);
  const deviceCount = readNumber(declareCall(library, 'cuDeviceGetCount', ['pointer']));
  answer = { ...answer, deviceCount };
  onStep('cuDeviceGet', answer);
  const readDevice = createDeviceReader(library);
  const indexes = Array.from({ length: Math.min(deviceCount ?? 0, DEVICE_LIMIT) }, (_, at) => at);
  return { ...answer, devices: indexes.map(readDevice) };
}

function readNumber(call: (out: Buffer) => number | undefined): number | undefined {
  const out = Buffer.alloc(4);
  return call(out) === SUCCESS ? out.readInt32LE() : undefined;
}

/** The name is a constant of the library; its address comes back. */
function readErrorName(koffi: Koffi, call: NativeCall, code: number): string | undefined {
  const out = Buffer.alloc(8);
  if (call(code, out) !== SUCCESS) return undefined;
  const address = out.readBigUInt64LE();
  return address === 0n ? undefined : koffi.decode.string(address);
}

function createDeviceReader(
  library: Parameters<typeof declareCall>[0],
): (index: number) => CudaDevice {
  const get = declareCall(library, 'cuDeviceGet', ['pointer', 'int']);
  const getName = declareCall(library, 'cuDeviceGetName', ['pointer', 'int', 'int']);
  // The second version gives the UUID of a MIG instance in place of its GPU's.
  const getUuid = declareCall(
    library,
    ['cuDeviceGetUuid_v2', 'cuDeviceGetUuid'],
    ['pointer', 'int'],
  );
  const getMemory = declareCall(library, 'cuDeviceTotalMem_v2', ['pointer', 'int']);
  const getAttribute = declareCall(library, 'cuDeviceGetAttribute', ['pointer', 'int', 'int']);
  const getBusId = declareCall(library, 'cuDeviceGetPCIBusId', ['pointer', 'int', 'int']);
  return (index) => {
    const device = readNumber((out) => get(out, index)) ?? index;
    const attribute = (id: number): number | undefined =>
      readNumber((out) => getAttribute(out, id, device));
    const major = attribute(attributes.capabilityMajor);
    const minor = attribute(attributes.capabilityMinor);
    const integrated = attribute(attributes.isIntegrated);
    const uuid = Buffer.alloc(16);
    const memory = Buffer.alloc(8);
    return {
      name: readText((out) => getName(out, out.length, device)),
      uuid: getUuid(uuid, device) === SUCCESS ? formatUuid(uuid) : undefined,
      pciAddress: readText((out) => getBusId(out, out.length, device)),
      capability: major === undefined || minor === undefined ? undefined : major * 10 + minor,
      memoryTotalBytes:
        getMemory(memory, device) === SUCCESS ? Number(memory.readBigUInt64LE()) : undefined,
      isIntegrated: integrated === undefined ? undefined : integrated === 1,
    };
  };
}

function readText(call: (out: Buffer) => number | undefined): string | undefined {
  const out = Buffer.alloc(256);
  return call(out) === SUCCESS ? readCText(out) : undefined;
}

/** Without the prefix: NVML's `GPU-` and `MIG-` cannot be told apart here. */
function formatUuid(bytes: Buffer): string {
  const hex = bytes.toString('hex');
  const cuts = [0, 8, 12, 16, 20, 32];
  return cuts
    .slice(1)
    .map((end, at) => hex.slice(cuts[at], end))
    .join('-');
}
