import { parseDriverVersion } from '../../src/units/driver-version.ts';
import { parsePtxIsaVersion } from '../../src/units/ptx-isa-version.ts';
import type { CompatCode, CompatImage } from '../../src/compat/compat-image.ts';
import { findCudaVersion } from '../../src/compat/find-cuda-version.ts';
import type { HostDevice, OperatingSystem } from '../../src/compat/host-device.ts';

const variants = ['a', 'f'] as const;
const compressions = ['lz4', 'lz4-frame', 'zstd'] as const;

/** `sm_90a`, `compute_75@9.1`, `sm_86/zstd`, `compute_80@8.7/zstd`. */
export function image(text: string): CompatImage {
  const match = /^(sm|compute)_(\d+)([af])?(?:@(\d+\.\d+))?(?:\/(.+))?$/.exec(text)!;
  const [, kind, capability, variant, isa, compression] = match;
  return {
    kind: kind === 'sm' ? 'sass' : 'ptx',
    target: {
      capability: Number(capability),
      variant: variants.find((each) => each === variant),
    },
    ptxIsa: isa === undefined ? undefined : parsePtxIsaVersion(isa),
    compression: compressions.find((each) => each === compression) ?? 'none',
    payloadBytes: 1000,
    decompressedBytes: compression === undefined ? undefined : 4000,
  };
}

export function images(text: string): readonly CompatImage[] {
  return text
    .split(' ')
    .filter(Boolean)
    .map((name) => image(name));
}

export function code(text: string, runtimeMajor?: number): CompatCode {
  return { fatbins: [{ isStub: false, images: images(text) }], runtimeMajor };
}

export function host(
  capability: number,
  driver: string,
  rest: Partial<HostDevice> & { os?: OperatingSystem } = {},
): HostDevice {
  const cudaVersion = findCudaVersion(parseDriverVersion(driver)!)!;
  return { gpu: { capability }, driver: { version: driver, cudaVersion }, os: 'linux', ...rest };
}

/** The sample binaries of the facts: what each of their fatbins holds, and the runtime that they need. */
export const samples: Readonly<Record<'nlc' | 'nlcFallback' | 'fugood', CompatCode>> = {
  /** node-llama-cpp 3.22.1 linux-x64-cuda, toolkit 13.1. */
  nlc: code(
    'compute_75@9.1/zstd compute_80@9.1/zstd compute_90@9.1/zstd sm_86/zstd sm_89/zstd sm_120a/zstd sm_121a/zstd',
    13,
  ),
  /** Its fallback, toolkit 12.4. */
  nlcFallback: code(
    'compute_50@8.4/lz4 compute_61@8.4/lz4 compute_70@8.4/lz4 compute_75@8.4/lz4 compute_80@8.4/lz4 sm_86',
    12,
  ),
  /** @fugood/node-llama 1.7.15 linux-x64-cuda, toolkit 12.6. */
  fugood: code('compute_89@8.5/lz4 sm_89', 12),
};
