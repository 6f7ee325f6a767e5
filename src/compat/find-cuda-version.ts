import type { CudaVersion } from '../units/cuda-version.ts';
import type { DriverVersion } from '../units/driver-version.ts';
import { toolkitTable } from './toolkit-table.ts';

/**
 * The CUDA version of a desktop or server driver, Linux and Windows alike: the row of its branch, else the next lower
 * one (a 551.61 of Windows is branch 550). A patch never raises it: 470.256, 535.261 and 550.163 still report
 * 11.4, 12.2 and 12.4. `undefined` for drivers before 418. Jetson drivers count otherwise: ask the driver there.
 */
export function findCudaVersion(driver: DriverVersion): CudaVersion | undefined {
  const [branch = 0] = driver;
  return toolkitTable.findLast((row) => row.branch !== undefined && row.branch <= branch)?.cuda;
}
