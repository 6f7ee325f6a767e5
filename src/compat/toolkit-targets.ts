import { compareCudaVersions, type CudaVersion } from '../units/cuda-version.ts';

/** The architectures that nvcc of some toolkits can compile for, as nvcc names them after `sm_`. */
export interface ToolkitTargets {
  readonly first: CudaVersion;
  readonly targets: readonly string[];
  readonly source: string;
}

const LLVM = 'clang lib/Basic/Cuda.cpp, minimum CUDA version of each architecture';
const TRIED = 'nvcc or ptxas of these toolkits, asked';

const from35 = '35 37 50 52 53 60 61 62 70 72 75 80';
const from50 = '50 52 53 60 61 62 70 72 75 80 86 87 89 90 90a';
const blackwell = `${from50} 100 100a 101 101a 120 120a`;
const from75 =
  '75 80 86 87 88 89 90 90a 100 100a 100f 103 103a 103f 110 110a 110f 120 120a 120f 121 121a 121f';

/** Each row holds from its first toolkit up to the next row. Oldest first. */
export const toolkitTargets: readonly ToolkitTargets[] = [
  { first: { major: 11, minor: 0 }, targets: from35.split(' '), source: LLVM },
  { first: { major: 11, minor: 1 }, targets: `${from35} 86`.split(' '), source: LLVM },
  { first: { major: 11, minor: 4 }, targets: `${from35} 86 87`.split(' '), source: LLVM },
  { first: { major: 11, minor: 8 }, targets: `${from35} 86 87 89 90`.split(' '), source: TRIED },
  { first: { major: 12, minor: 0 }, targets: from50.split(' '), source: `${TRIED} (12.4)` },
  { first: { major: 12, minor: 8 }, targets: blackwell.split(' '), source: LLVM },
  {
    first: { major: 12, minor: 9 },
    targets: `${blackwell} 100f 101f 103 103a 103f 120f 121 121a 121f`.split(' '),
    source: LLVM,
  },
  { first: { major: 13, minor: 0 }, targets: from75.split(' '), source: `${TRIED} (13.0)` },
  {
    first: { major: 13, minor: 4 },
    targets: `${from75} 107 107a 107f`.split(' '),
    source: `${LLVM}; CUDA 13.4 release notes`,
  },
];

/** What a toolkit can compile for. Empty for toolkits before 11.0. */
export function findToolkitTargets(toolkit: CudaVersion): readonly string[] {
  const row = toolkitTargets.findLast(({ first }) => compareCudaVersions(first, toolkit) <= 0);
  return row?.targets ?? [];
}
