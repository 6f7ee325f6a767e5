import { findGpu } from '../../compat/find-gpu.ts';
import { parseComputeCapability, type ComputeCapability } from '../../units/compute-capability.ts';
import { FACT_CHARACTERS_MAXIMUM, FACTS_MAXIMUM } from './limits.ts';
import type { LogLine } from './split-log.ts';

export interface LogGpu {
  readonly name: string;
  /** As the log states it, else that of the table of GPUs. */
  readonly capability?: ComputeCapability;
}

/** What a log says of the machine and the program. Each list has no value twice. */
export interface LogFacts {
  readonly gpus: readonly LogGpu[];
  /** `550.54.15`. */
  readonly driver?: string;
  /** What nvidia-smi printed as the CUDA version of the driver: `12.4`. */
  readonly driverCuda?: string;
  /** `500,610,750` of `CUDA : ARCHS = 500,610,750`: what the build was compiled for, be it machine code or PTX. */
  readonly architectures: readonly string[];
  /** Of llama.cpp: `5372 (ab3971f2a)`. */
  readonly build?: string;
  readonly missingLibraries: readonly string[];
  /** `GLIBC_2.38`. */
  readonly missingVersions: readonly string[];
  readonly modelPaths: readonly string[];
  readonly modelArchitecture?: string;
  readonly ports: readonly number[];
  /** Sizes of allocations that failed, in bytes. */
  readonly failedAllocationsBytes: readonly number[];
}

export interface FactCollector {
  add(line: LogLine): void;
  finish(): LogFacts;
}

/** Finds facts line by line. A later driver or build replaces none: the first line is of the run itself. */
export function createFactCollector(): FactCollector {
  const values = new Map<FactName, Set<string>>();
  return {
    add({ text }) {
      for (const [name, pattern, hint] of factPatterns) {
        if (!text.includes(hint)) continue;
        const value = pattern.exec(text)?.slice(1).filter(Boolean).join('\t').trim();
        if (value === undefined || value === '') continue;
        const known = values.get(name) ?? new Set();
        values.set(name, known);
        if (known.size < FACTS_MAXIMUM) known.add(value.slice(0, FACT_CHARACTERS_MAXIMUM));
      }
    },
    finish: () => createFacts((name) => [...(values.get(name) ?? [])]),
  };
}

type FactName =
  | 'gpu'
  | 'driver'
  | 'driverCuda'
  | 'architectures'
  | 'build'
  | 'library'
  | 'version'
  | 'modelPath'
  | 'modelArchitecture'
  | 'port'
  | 'allocatedMiB'
  | 'allocatedBytes';

/** The last part is in every text that matches: looking for it first is cheap. */
const factPatterns: readonly (readonly [FactName, RegExp, hint: string])[] = [
  ['gpu', /Device \d{1,3}: ([^,]{2,80}), compute capability (\d{1,2}\.\d)/, 'compute capability'],
  ['gpu', /\bCUDA\d{1,3}\s{0,4}: (NVIDIA [^()]{2,60}|Tesla [^()]{2,60}) \(\d{1,8} MiB/, ' MiB'],
  ['gpu', /using device CUDA\d{1,3} \(([^()]{2,80})\)/, 'using device CUDA'],
  ['driver', /Driver Version\s{0,30}: ?(\d{3}(?:\.\d{1,3}){1,2})/, 'Driver Version'],
  ['driver', /Kernel Module(?: for \w{1,10})?\s{1,4}(\d{3}(?:\.\d{1,3}){1,2})/, 'Kernel Module'],
  ['driverCuda', /CUDA Version\s{0,30}: ?(\d{1,2}\.\d{1,2})/, 'CUDA Version'],
  ['architectures', /CUDA : ARCHS = ([\d,]{2,120})/, 'ARCHS'],
  ['build', /\b(?:build|version): (\d{1,6} \([0-9a-f]{7,12}\))/, ' ('],
  [
    'library',
    /(lib[\w.+-]{1,60}\.so(?:\.\d{1,4}){0,3}): cannot open shared object file/,
    'cannot open',
  ],
  [
    'library',
    /Error loading shared library (lib[\w.+-]{1,60}\.so(?:\.\d{1,4}){0,3})/,
    'Error loading',
  ],
  ['version', /version [`'"]((?:GLIBC|GLIBCXX|CXXABI)_[\d.]{1,12})['"] not found/, 'not found'],
  ['modelPath', /(?:from|model|file) '?([^\s':,]{1,180}\.gguf)\b/, '.gguf'],
  ['modelArchitecture', /unknown model architecture: '([^']{1,60})'/, 'architecture'],
  ['modelArchitecture', /general\.architecture str {1,20}= (\w{1,60})/, 'general.architecture'],
  ['port', /\bport[:=]? (\d{2,5})\b/, 'port'],
  ['allocatedMiB', /allocating (\d{1,9}(?:\.\d{1,3})?) MiB on device/, 'allocating'],
  [
    'allocatedBytes',
    /failed to allocate (?:\w{1,20} )?buffer of size (\d{3,16})/,
    'failed to allocate',
  ],
];

function createFacts(get: (name: FactName) => readonly string[]): LogFacts {
  const [driver] = get('driver');
  const [driverCuda] = get('driverCuda');
  const [build] = get('build');
  const [modelArchitecture] = get('modelArchitecture');
  return {
    gpus: get('gpu').map((value) => createGpu(value)),
    ...(driver !== undefined && { driver }),
    ...(driverCuda !== undefined && { driverCuda }),
    architectures: get('architectures').flatMap((list) => list.split(',').filter(Boolean)),
    ...(build !== undefined && { build }),
    missingLibraries: get('library'),
    missingVersions: get('version'),
    modelPaths: get('modelPath'),
    ...(modelArchitecture !== undefined && { modelArchitecture }),
    ports: get('port').map(Number),
    failedAllocationsBytes: [
      ...get('allocatedMiB').map((size) => Math.round(Number(size) * 1024 * 1024)),
      ...get('allocatedBytes').map(Number),
    ],
  };
}

function createGpu(value: string): LogGpu {
  const [name = '', stated = ''] = value.split('\t');
  const capability = parseComputeCapability(stated) ?? findGpu(name)?.capability;
  return { name, ...(capability !== undefined && { capability }) };
}
