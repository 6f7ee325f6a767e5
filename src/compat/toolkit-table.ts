import type { CudaVersion } from '../units/cuda-version.ts';
import type { PtxIsaVersion } from '../units/ptx-isa-version.ts';

/** Drivers of one branch on one operating system. Windows from 13.0 on: the branch is all that is published. */
export interface DriverRange {
  /** The first driver that brought this CUDA version: its general availability, or the first one seen. */
  readonly first: string;
  /** The driver that came with the last update of the toolkit. */
  readonly lastUpdate: string | undefined;
}

/** One CUDA version: the PTX that its toolkit writes and its drivers can compile, and those drivers. */
export interface ToolkitRow {
  readonly cuda: CudaVersion;
  readonly ptxIsa: PtxIsaVersion;
  /** The first number of the driver's version. `undefined` while no driver is known. */
  readonly branch: number | undefined;
  /** False for a CUDA version that only a driver ever had. */
  readonly hasToolkit: boolean;
  readonly linux: DriverRange | undefined;
  readonly windows: DriverRange | undefined;
  /** Where the row is from. */
  readonly source: string;
}

// The PTX ISA of each row: NVIDIA/cuda-python `_ptx_utils.py` and clang `Driver/ToolChains/Cuda.cpp` up to 9.1,
// the 13.4 U1 release notes for 9.4; 9.2, 9.3 and 9.5 continue the series.
const NOTES =
  'CUDA release notes 13.4 U1 and 13.1, "CUDA Toolkit and Corresponding Driver Versions"';
const OLD = 'CUDA release notes and PTX ISA release history, from memory';
const PACKAGED =
  'branch: CUDA release notes 13.4 U1; exact drivers: toolkit installer names in spack, ansible-slurm-appliance';

type RowText = readonly [
  cuda: `${number}.${number}`,
  ptxIsa: `${number}.${number}`,
  branch: number | undefined,
  /** First driver and that of the last update. */
  linux: string,
  windows: string,
  source: string,
];

const rowTexts: readonly RowText[] = [
  ['10.1', '6.4', 418, '418.39', '418.96', OLD],
  ['10.2', '6.5', 440, '440.33.01', '441.22', OLD],
  ['11.0', '7.0', 450, '450.51.05 450.51.06', '451.48 451.82', NOTES],
  ['11.1', '7.1', 455, '455.23 455.32', '456.38 456.81', NOTES],
  ['11.2', '7.2', 460, '460.27.03 460.32.03', '460.82 461.33', NOTES],
  ['11.3', '7.3', 465, '465.19.01', '465.89', NOTES],
  ['11.4', '7.4', 470, '470.42.01 470.82.01', '471.11 472.50', NOTES],
  ['11.5', '7.5', 495, '495.29.05', '496.04 496.13', NOTES],
  ['11.6', '7.6', 510, '510.39.01 510.47.03', '511.23 511.65', NOTES],
  ['11.7', '7.7', 515, '515.43.04 515.48.07', '516.01 516.31', NOTES],
  ['11.8', '7.8', 520, '520.61.05', '520.06', NOTES],
  ['12.0', '8.0', 525, '525.60.13 525.85.12', '527.41 528.33', NOTES],
  ['12.1', '8.1', 530, '530.30.02', '531.14', NOTES],
  ['12.2', '8.2', 535, '535.54.03 535.104.05', '536.25 537.13', NOTES],
  ['12.3', '8.3', 545, '545.23.06 545.23.08', '545.84 546.12', NOTES],
  ['12.4', '8.4', 550, '550.54.14 550.54.15', '551.61 551.78', NOTES],
  ['12.5', '8.5', 555, '555.42.02 555.42.06', '555.85', NOTES],
  ['12.6', '8.5', 560, '560.28.03 560.35.05', '560.76 561.17', NOTES],
  ['12.7', '8.6', 565, '565', '565', 'NVIDIA/cuda-python _ptx_utils.py: a driver, no toolkit'],
  ['12.8', '8.7', 570, '570.26 570.124.06', '570.65 572.61', NOTES],
  ['12.9', '8.8', 575, '575.51.03 575.57.08', '576.02 576.57', NOTES],
  ['13.0', '9.0', 580, '580.65.06 580.95.05', '580', NOTES],
  ['13.1', '9.1', 590, '590.44.01 590.48.01', '590', NOTES],
  ['13.2', '9.2', 595, '595.45.04 595.71.05', '595', PACKAGED],
  ['13.3', '9.3', 610, '610.43.02 610.57.04', '610', PACKAGED],
  ['13.4', '9.4', 615, '615.71.09', '615', PACKAGED],
  ['13.5', '9.5', undefined, '', '', 'seen as a package version only; its driver is not known'],
];

/**
 * Every CUDA version since 10.1, oldest first. A driver compiles PTX up to the ISA of its own CUDA version
 * and refuses anything newer, whatever it uses: checked with the drivers 450, 460, 470, 535, 550 and, on an H100, 580.
 */
export const toolkitTable: readonly ToolkitRow[] = rowTexts.map(
  ([cuda, ptxIsa, branch, linux, windows, source]) => ({
    cuda: version(cuda),
    ptxIsa: version(ptxIsa),
    branch,
    hasToolkit: cuda !== '12.7',
    linux: range(linux),
    windows: range(windows),
    source,
  }),
);

function version(text: `${number}.${number}`): { readonly major: number; readonly minor: number } {
  const [major = 0, minor = 0] = text.split('.').map(Number);
  return { major, minor };
}

function range(text: string): DriverRange | undefined {
  const [first, lastUpdate] = text.split(' ');
  return first ? { first, lastUpdate } : undefined;
}
