import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createBufferSource } from '../../src/bytes/create-buffer-source.ts';
import { checkCompatibility } from '../../src/compat/check-compatibility.ts';
import { createCompatCode } from '../../src/compat/create-compat-code.ts';
import { findCudaError } from '../../src/compat/cuda-errors.ts';
import type { HostDevice } from '../../src/compat/host-device.ts';
import { readGpuCode } from '../../src/fatbin/read-gpu-code.ts';

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

const h100: HostDevice = {
  gpu: { capability: 90, name: 'NVIDIA H100 80GB HBM3' },
  driver: { version: '580.159.04', cudaVersion: { major: 13, minor: 0 } },
  os: 'linux',
};

describe('the rules agree with an H100', () => {
  it.each([
    { folder: 'base', loads: 186, what: 'with one thing at a time' },
    { folder: 'random', loads: 360, what: 'of random images' },
    { folder: 'concatenated', loads: 66, what: 'of images compressed as one, and alone' },
  ])('in all $loads loads of fatbins $what', async ({ folder, loads }) => {
    const predictions = await predictAll(folder);

    expect(predictions.filter(({ predicted, recorded }) => predicted !== recorded)).toEqual([]);
    expect(predictions.length).toBe(loads);
  });
});

interface Prediction {
  readonly load: string;
  /** The CUresult name, and the capability of the PTX that was compiled if it is not the GPU's own. */
  readonly predicted: string;
  readonly recorded: string;
}

async function predictAll(folder: string): Promise<readonly Prediction[]> {
  const predictions: Prediction[] = [];
  for (const [name, recordings] of Object.entries(readCases(folder))) {
    const bytes = readFileSync(new URL(`${folder}/${name}.fatbin`, fixtures));
    const code = createCompatCode(await readGpuCode(createBufferSource(bytes)));
    for (const [variable, environment] of environments) {
      const recording = recordings[variable];
      if (recording === undefined) continue;
      const verdict = checkCompatibility(code, { ...h100, environment });
      const error = findCudaError(verdict.cudaError ?? 0)?.driverName;
      const compiled = /PTX [\d.]+ \(compute_(\d+)\)/.exec(verdict.reason)?.[1] ?? '90';
      const { load, ptxVersion } = recording;
      predictions.push({
        load: `${name} with ${variable}`,
        predicted: verdict.outcome === 'fail' ? String(error) : `CUDA_SUCCESS ${compiled}`,
        recorded: ptxVersion === undefined ? load : `${load} ${ptxVersion}`,
      });
    }
  }
  return predictions;
}

const fixtures = new URL('../fixtures/cuda-truth/', import.meta.url);

function readCases(folder: string): Readonly<Record<string, RecordedCase>> {
  return JSON.parse(readFileSync(new URL(`${folder}.json`, fixtures), 'utf8')).cases;
}
