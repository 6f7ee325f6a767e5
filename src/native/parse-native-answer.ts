import * as v from 'valibot';
import type { NativeAnswer } from './native-answer.ts';

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const status = v.pipe(v.number(), v.safeInteger());
const text = v.pipe(v.string(), v.maxLength(1000));
const optionalText = v.optional(text);
const optionalCount = v.optional(count);

const gpuProcess = v.object({ pid: count, name: optionalText, memoryBytes: optionalCount });

const migInstance = v.object({
  name: optionalText,
  uuid: optionalText,
  memoryTotalBytes: optionalCount,
  memoryFreeBytes: optionalCount,
});

const mode = v.optional(v.picklist(['enabled', 'disabled', 'unsupported']));

const nvmlDevice = v.object({
  name: optionalText,
  uuid: optionalText,
  pciAddress: optionalText,
  pciId: optionalText,
  capability: optionalCount,
  memoryTotalBytes: optionalCount,
  memoryFreeBytes: optionalCount,
  migMode: mode,
  migInstances: v.pipe(v.array(migInstance), v.maxLength(64)),
  eccMode: mode,
  uncorrectedErrors: optionalCount,
  isPersistent: v.optional(v.boolean()),
  computeMode: optionalCount,
  powerMilliwatts: optionalCount,
  powerLimitMilliwatts: optionalCount,
  maximumPowerLimitMilliwatts: optionalCount,
  smMhz: optionalCount,
  smMaximumMhz: optionalCount,
  memoryMhz: optionalCount,
  temperatureCelsius: v.optional(status),
  utilizationPercent: optionalCount,
  isDisplayActive: v.optional(v.boolean()),
  processes: v.pipe(v.array(gpuProcess), v.maxLength(256)),
});

const cudaDevice = v.object({
  name: optionalText,
  uuid: optionalText,
  pciAddress: optionalText,
  capability: optionalCount,
  memoryTotalBytes: optionalCount,
  isIntegrated: v.optional(v.boolean()),
});

const library = {
  isLoaded: v.boolean(),
  path: optionalText,
  loadError: optionalText,
  initResult: v.optional(status),
  initError: optionalText,
  deviceCount: optionalCount,
};

const nvml = v.object({
  ...library,
  driverVersion: optionalText,
  cudaVersion: optionalCount,
  devices: v.pipe(v.array(nvmlDevice), v.maxLength(128)),
});

const libcuda = v.object({
  ...library,
  cudaVersion: optionalCount,
  devices: v.pipe(v.array(cudaDevice), v.maxLength(128)),
});

const answer: v.GenericSchema<unknown, NativeAnswer> = v.object({
  schemaVersion: v.literal(1),
  /** What the process is about to do, or `done`. */
  step: text,
  /** Why koffi cannot be used. */
  unavailable: optionalText,
  nvml: v.optional(nvml),
  libcuda: v.optional(libcuda),
});

/** Reads the last complete answer; `undefined` when there is none. Never throws. */
export function parseNativeAnswer(output: string): NativeAnswer | undefined {
  for (const line of output.split('\n').toReversed()) {
    if (!line.startsWith('{')) continue;
    try {
      const result = v.safeParse(answer, JSON.parse(line));
      if (result.success) return result.output;
    } catch {
      // Cut off by a crash: the line before is whole.
    }
  }
  return undefined;
}
