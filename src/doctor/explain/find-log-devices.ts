import { findCudaVersion } from '../../compat/find-cuda-version.ts';
import { findGpu } from '../../compat/find-gpu.ts';
import type { HostDevice, HostDriver, HostGpu } from '../../compat/host-device.ts';
import { parseCudaVersion } from '../../units/cuda-version.ts';
import { parseDriverVersion } from '../../units/driver-version.ts';
import type { LogFacts } from './collect-facts.ts';

/** The GPU that a log names first. `undefined`: none, or one of which nobody knows the capability. */
export function findLogGpu({ gpus }: LogFacts): HostGpu | undefined {
  const gpu = gpus.find(({ capability }) => capability !== undefined);
  if (gpu?.capability === undefined) return undefined;
  const { isTegra, isDataCenter } = findGpu(gpu.name) ?? {};
  return { capability: gpu.capability, name: gpu.name, isTegra, isDataCenter };
}

/** The driver that a log names, as where the output of nvidia-smi is in it. */
export function findLogDriver({ driver, driverCuda }: LogFacts): HostDriver | undefined {
  if (driver === undefined) return undefined;
  const cudaVersion =
    parseCudaVersion(driverCuda ?? '') ?? findCudaVersion(parseDriverVersion(driver) ?? []);
  return cudaVersion && { version: driver, cudaVersion };
}

/** The device of a log that names both GPU and driver. */
export function findLogDevices(facts: LogFacts): readonly HostDevice[] {
  const gpu = findLogGpu(facts);
  const driver = findLogDriver(facts);
  return gpu && driver ? [{ gpu, driver, os: 'linux' }] : [];
}
