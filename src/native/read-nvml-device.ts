import type { NvmlDevice } from './native-answer.ts';
import { readCText } from './native-library.ts';
import { NVML_SUCCESS, type NvmlCalls } from './nvml-calls.ts';
import { readNvmlProcesses } from './read-nvml-processes.ts';

/** nvmlReturn_t: the GPU has no such thing. */
const NOT_SUPPORTED = 3;
const MIG_LIMIT = 16;
/** nvmlClockType_t. */
const clockTypes = { sm: 1, memory: 2 };

/** Reads one GPU by its index; `undefined` when there is no handle to be had. What NVML does not tell is left out. */
export function readNvmlDevice(calls: NvmlCalls, index: number): NvmlDevice | undefined {
  const handle = Buffer.alloc(8);
  const getHandle = calls.declare(
    ['nvmlDeviceGetHandleByIndex_v2', 'nvmlDeviceGetHandleByIndex'],
    ['uint', 'pointer'],
  );
  if (getHandle(index, handle) !== NVML_SUCCESS) return undefined;
  const device = handle.readBigUInt64LE();
  const migMode = readMode(calls, 'nvmlDeviceGetMigMode', device);
  return {
    ...readIdentity(calls, device),
    ...readState(calls, device),
    ...readPower(calls, device),
    migMode,
    migInstances: migMode === 'enabled' ? readMigInstances(calls, device) : [],
    eccMode: readMode(calls, 'nvmlDeviceGetEccMode', device),
    uncorrectedErrors: readUncorrectedErrors(calls, device),
    processes: readNvmlProcesses(calls, device),
  };
}

function readIdentity(calls: NvmlCalls, device: bigint): Partial<NvmlDevice> {
  const capability = calls.pair('nvmlDeviceGetCudaComputeCapability', device);
  const [major, minor] = capability.values;
  return {
    name: calls.text('nvmlDeviceGetName', device),
    uuid: calls.text('nvmlDeviceGetUUID', device),
    ...readPci(calls, device),
    capability: capability.status === NVML_SUCCESS ? major * 10 + minor : undefined,
    ...readMemory(calls, device),
  };
}

/** nvmlPciInfo_t: char busIdLegacy[16]; domain, bus, device, pciDeviceId, pciSubSystemId; char busId[32]. */
function readPci(calls: NvmlCalls, device: bigint): Partial<NvmlDevice> {
  const out = calls.bytes('nvmlDeviceGetPciInfo_v3', device, 68);
  if (out === undefined) return {};
  const pciId = `${formatHex(out.readUInt16LE(28))}:${formatHex(out.readUInt16LE(30))}`;
  return { pciAddress: readCText(out.subarray(36)), pciId };
}

function formatHex(value: number): string {
  return value.toString(16).padStart(4, '0');
}

/** nvmlMemory_t: total, free, used. */
function readMemory(calls: NvmlCalls, device: bigint): Partial<NvmlDevice> {
  const out = calls.bytes('nvmlDeviceGetMemoryInfo', device, 24);
  if (out === undefined) return {};
  return {
    memoryTotalBytes: Number(out.readBigUInt64LE(0)),
    memoryFreeBytes: Number(out.readBigUInt64LE(8)),
  };
}

function readState(calls: NvmlCalls, device: bigint): Partial<NvmlDevice> {
  return {
    isPersistent: calls.flag('nvmlDeviceGetPersistenceMode', device),
    computeMode: calls.uint('nvmlDeviceGetComputeMode', device),
    temperatureCelsius: calls.uintOf('nvmlDeviceGetTemperature', device, 0),
    // nvmlUtilization_t: gpu, memory.
    utilizationPercent: calls.bytes('nvmlDeviceGetUtilizationRates', device, 8)?.readUInt32LE(),
    isDisplayActive: calls.flag('nvmlDeviceGetDisplayActive', device),
  };
}

function readPower(calls: NvmlCalls, device: bigint): Partial<NvmlDevice> {
  const limits = calls.pair('nvmlDeviceGetPowerManagementLimitConstraints', device);
  return {
    powerMilliwatts: calls.uint('nvmlDeviceGetPowerUsage', device),
    powerLimitMilliwatts: calls.uint('nvmlDeviceGetEnforcedPowerLimit', device),
    maximumPowerLimitMilliwatts: limits.status === NVML_SUCCESS ? limits.values[1] : undefined,
    smMhz: calls.uintOf('nvmlDeviceGetClockInfo', device, clockTypes.sm),
    smMaximumMhz: calls.uintOf('nvmlDeviceGetMaxClockInfo', device, clockTypes.sm),
    memoryMhz: calls.uintOf('nvmlDeviceGetClockInfo', device, clockTypes.memory),
  };
}

/** What is on now, not what it will be after a reset. */
function readMode(calls: NvmlCalls, name: string, device: bigint): NvmlDevice['eccMode'] {
  const { status, values } = calls.pair(name, device);
  if (status === NOT_SUPPORTED) return 'unsupported';
  if (status !== NVML_SUCCESS) return undefined;
  return values[0] === 1 ? 'enabled' : 'disabled';
}

function readMigInstances(calls: NvmlCalls, device: bigint): NvmlDevice['migInstances'] {
  const getInstance = calls.declare('nvmlDeviceGetMigDeviceHandleByIndex', [
    'pointer',
    'uint',
    'pointer',
  ]);
  return Array.from({ length: MIG_LIMIT }, (_, at) => at).flatMap((at) => {
    const out = Buffer.alloc(8);
    if (getInstance(device, at, out) !== NVML_SUCCESS) return [];
    const instance = out.readBigUInt64LE();
    return [
      {
        name: calls.text('nvmlDeviceGetName', instance),
        uuid: calls.text('nvmlDeviceGetUUID', instance),
        ...readMemory(calls, instance),
      },
    ];
  });
}

function readUncorrectedErrors(calls: NvmlCalls, device: bigint): number | undefined {
  const args = ['pointer', 'int', 'int', 'pointer'] as const;
  const out = Buffer.alloc(8);
  // NVML_MEMORY_ERROR_TYPE_UNCORRECTED, NVML_VOLATILE_ECC: since the driver was loaded.
  const status = calls.declare('nvmlDeviceGetTotalEccErrors', args)(device, 1, 0, out);
  return status === NVML_SUCCESS ? Number(out.readBigUInt64LE()) : undefined;
}
