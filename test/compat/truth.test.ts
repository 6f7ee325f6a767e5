import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkFatbin } from '../../src/compat/check-fatbin.ts';
import { findCudaError } from '../../src/compat/cuda-errors.ts';
import type { HostFacts } from '../../src/compat/host-facts.ts';
import { images } from './support.ts';

/** What an H100 with driver 580.159.04 did with real fatbins: test/fixtures/cuda-truth/README.md. */
interface Recording {
  readonly load: string;
  readonly correct?: boolean;
  /** The PTX that was compiled, or the capability of the machine code. */
  readonly ptxVersion?: number;
}

const environments = [
  ['default', {}],
  ['CUDA_FORCE_PTX_JIT=1', { forcePtxJit: true }],
  ['CUDA_DISABLE_PTX_JIT=1', { disablePtxJit: true }],
] as const;

type Environment = (typeof environments)[number][0];
type RecordedCase = Partial<Record<Environment, Recording>>;
interface RandomCase extends RecordedCase {
  readonly sass: readonly string[];
  readonly ptx: readonly { readonly arch: string; readonly isa: string }[];
}

const base = readCases<RecordedCase>('base');
const random = readCases<RandomCase>('random');

const h100: HostFacts = {
  gpu: { capability: 90, name: 'NVIDIA H100 80GB HBM3' },
  driver: { version: '580.159.04', cudaVersion: { major: 13, minor: 0 } },
  os: 'linux',
};

describe('the rules agree with an H100', () => {
  it('in every load of a fatbin with one thing at a time', () => {
    const disagreements = compareAll(base, (name) => describeBase(name));

    expect(disagreements).toEqual({ compared: 186, wrong: [] });
  });

  it('in every load of a random fatbin', () => {
    const disagreements = compareAll(random, (_name, { sass, ptx }) =>
      [
        ...sass.map((arch) => `sm_${arch}`),
        ...ptx.map(({ arch, isa }) => `compute_${arch}@${isa}`),
      ].join(' '),
    );

    expect(disagreements).toEqual({ compared: 360, wrong: [] });
  });
});

function compareAll<Case extends RecordedCase>(
  cases: Readonly<Record<string, Case>>,
  describeImages: (name: string, recorded: Case) => string,
): { compared: number; wrong: string[] } {
  const wrong: string[] = [];
  let compared = 0;
  for (const [name, recorded] of Object.entries(cases)) {
    const held = describeImages(name, recorded);
    for (const [variable, environment] of environments) {
      const recording = recorded[variable];
      if (recording === undefined) continue;
      const verdict = checkFatbin(images(held), { ...h100, environment });
      const error = findCudaError(verdict.cudaError ?? 0)?.driverName;
      const predicted = verdict.outcome === 'fail' ? error : 'CUDA_SUCCESS';
      compared += 1;
      if (predicted !== recording.load) {
        wrong.push(`${name} ${variable} (${held}): ${predicted}, not ${recording.load}`);
      }
      const isCompiled = recording.ptxVersion !== undefined && recording.ptxVersion < 90;
      if (isCompiled && !verdict.reason.includes(`compute_${recording.ptxVersion})`)) {
        wrong.push(`${name} ${variable}: took compute_${recording.ptxVersion}: ${verdict.reason}`);
      }
    }
  }
  return { compared, wrong };
}

/** `sass_90a`, `ptx_75_isa9.1`, `mix_sass80_ptx75isa9.9_ptx90isa8.0`; what nvcc 13.0 wrote where nothing is said is 9.0. */
function describeBase(name: string): string {
  if (name === 'combo_seven') {
    return 'sm_75 sm_80 sm_86 sm_89 sm_90 sm_100 sm_120 compute_120@9.0/zstd';
  }
  const mode = /^mode_(\w+)_(all|ptx75)$/.exec(name);
  if (mode !== null) {
    const sass = mode[1] === 'size' ? '/zstd' : '';
    const ptx = { none: '', speed: '/lz4' }[mode[1]!] ?? '/zstd';
    if (mode[2] === 'ptx75') return `compute_75@9.0${ptx}`;
    return `sm_80${sass} sm_90${sass} compute_90@9.0${ptx}`;
  }
  const parts = [...name.matchAll(/(sass|ptx)_?(\d+[af]?)(?:_?isa(\d+\.\d+))?/g)];
  return parts
    .map(([, kind, arch, isa = '9.0']) =>
      kind === 'sass' ? `sm_${arch}` : `compute_${arch}@${isa}/zstd`,
    )
    .join(' ');
}

function readCases<Case>(name: string): Readonly<Record<string, Case>> {
  const url = new URL(`../fixtures/cuda-truth/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(url, 'utf8')).cases;
}
