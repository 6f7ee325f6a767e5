import type { CudaVersion } from '../units/cuda-version.ts';
import {
  compareDriverVersions,
  parseDriverVersion,
  type DriverVersion,
} from '../units/driver-version.ts';
import { findCudaVersion } from './find-cuda-version.ts';
import type { OperatingSystem } from './host-device.ts';
import { runtimeFloors } from './runtime-floors.ts';
import { toolkitTable } from './toolkit-table.ts';

/** A driver from which on something new works. */
export interface DriverStep {
  readonly driver: DriverVersion;
  /** As NVIDIA writes it; a bare branch (`580`) where only that is published. */
  readonly name: string;
  readonly cudaVersion: CudaVersion;
}

/** The drivers at which a verdict can change on this operating system, oldest first. */
export function listDriverSteps(os: OperatingSystem): readonly DriverStep[] {
  const releases = toolkitTable.flatMap((row) => row[os]?.first ?? []);
  // 13.x wants any driver of branch 580: its first release says that more precisely.
  const floors = runtimeFloors.map((floor) => floor[os]).filter((name) => name.includes('.'));
  return [...new Set([...releases, ...floors])]
    .flatMap((name) => {
      const driver = parseDriverVersion(name);
      const cudaVersion = driver && findCudaVersion(driver);
      return driver && cudaVersion ? [{ driver, name, cudaVersion }] : [];
    })
    .sort((left, right) => compareDriverVersions(left.driver, right.driver));
}
