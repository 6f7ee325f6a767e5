/** A floor for the processor, and the cmake options that make ggml keep it. */
export interface CpuLevel {
  readonly name: string;
  readonly arch: 'x64' | 'arm64';
  readonly options: readonly string[];
  readonly summary: string;
}

const features = ['SSE42', 'AVX', 'AVX2', 'BMI2', 'FMA', 'F16C', 'AVX512'];

/** The levels are those of the x86-64 psABI. */
export const cpuLevels: readonly CpuLevel[] = [
  level('x86-64', [], 'any 64-bit x86 processor'),
  level('x86-64-v2', ['SSE42'], 'from 2009 on: SSE4.2'),
  level(
    'x86-64-v3',
    ['SSE42', 'AVX', 'AVX2', 'BMI2', 'FMA', 'F16C'],
    'from 2013 on: AVX2, FMA; Colab and Kaggle have it',
  ),
  level('x86-64-v4', features, 'AVX-512: F, CD, BW, DQ, VL'),
  {
    name: 'armv8-a',
    arch: 'arm64',
    options: ['GGML_NATIVE=OFF', 'GGML_CPU_ARM_ARCH=armv8-a'],
    summary: 'any 64-bit ARM processor',
  },
];

/** Levels of every processor: the one that builds, and one library for each that llama.cpp knows. */
export const CPU_NATIVE_OPTIONS: readonly string[] = ['GGML_NATIVE=ON'];
export const CPU_ALL_OPTIONS: readonly string[] = [
  'GGML_NATIVE=OFF',
  'GGML_BACKEND_DL=ON',
  'GGML_CPU_ALL_VARIANTS=ON',
];

function level(name: string, wanted: readonly string[], summary: string): CpuLevel {
  const switches = features.map(
    (feature) => `GGML_${feature}=${wanted.includes(feature) ? 'ON' : 'OFF'}`,
  );
  return { name, arch: 'x64', options: ['GGML_NATIVE=OFF', ...switches], summary };
}
