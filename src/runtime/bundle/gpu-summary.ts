import type { CompatCode, CompatFatbin, CompatImage } from '../../compat/compat-image.ts';
import { formatKey, listJudgedFatbins } from '../../compat/judge-fatbin.ts';
import { formatPtxIsaVersion, parsePtxIsaVersion } from '../../units/ptx-isa-version.ts';

/** The GPU code of one file as JSON, with all that the rules ask for and nothing else. */
export interface GpuSummary {
  /** Of the CUDA runtime that it uses. */
  readonly runtimeMajor?: number | undefined;
  /** In the order of the file; those with images of the same kinds are one. */
  readonly fatbins: readonly FatbinSummary[];
}

export interface FatbinSummary {
  /** How many fatbins are alike. */
  readonly count: number;
  readonly images: readonly ImageSummary[];
}

export interface ImageSummary {
  readonly kind: CompatImage['kind'];
  /** `sm_90a` for machine code, `compute_90a` for what is compiled further. */
  readonly target: string;
  /** Only for `ptx`, as `9.1`. */
  readonly ptxIsa?: string | undefined;
  readonly compression: CompatImage['compression'];
  /** Only for `ptx`: the text of all the fatbins that are alike. */
  readonly bytes?: number | undefined;
  /** Several images compressed as one (`nvcc --concat`). */
  readonly isConcatenated?: true | undefined;
}

/** Sums up the GPU code of a file. `checkCompatibility` says the same of the summary, read back, as of the file. */
export function createGpuSummary(code: CompatCode): GpuSummary {
  const groups = new Map<string, { count: number; fatbins: CompatFatbin[] }>();
  for (const fatbin of listJudgedFatbins(code)) {
    const key = fatbin.images
      .map((image) => `${formatKey(image)} ${image.slice === undefined ? '' : 'concatenated'}`)
      .join();
    const group = groups.get(key) ?? { count: 0, fatbins: [] };
    group.count += fatbin.count ?? 1;
    group.fatbins.push(fatbin);
    groups.set(key, group);
  }
  return {
    ...(code.runtimeMajor !== undefined && { runtimeMajor: code.runtimeMajor }),
    fatbins: [...groups.values()].map(({ count, fatbins }) => ({
      count,
      images: (fatbins[0]?.images ?? []).map((image, index) => {
        const alike = fatbins.flatMap(({ images }) => images[index] ?? []);
        return summarizeImage(image, alike);
      }),
    })),
  };
}

/** A summary as the rules take it. */
export function readGpuSummary(summary: GpuSummary): CompatCode {
  return {
    runtimeMajor: summary.runtimeMajor,
    fatbins: summary.fatbins.map(({ count, images }) => ({
      count,
      isStub: false,
      images: images.map((image) => readImage(image)),
    })),
  };
}

function summarizeImage(image: CompatImage, alike: readonly CompatImage[]): ImageSummary {
  const { kind, target, ptxIsa, compression, slice } = image;
  const prefix = kind === 'ptx' || kind === 'lto' ? 'compute' : 'sm';
  return {
    kind,
    target: `${prefix}_${target.capability}${target.variant ?? ''}`,
    ...(ptxIsa !== undefined && { ptxIsa: formatPtxIsaVersion(ptxIsa) }),
    compression,
    ...(kind === 'ptx' && { bytes: alike.reduce((sum, one) => sum + countBytes(one), 0) }),
    ...(slice !== undefined && { isConcatenated: true }),
  };
}

function countBytes({ slice, decompressedBytes, payloadBytes }: CompatImage): number {
  return slice?.sizeBytes ?? decompressedBytes ?? payloadBytes;
}

function readImage({ kind, target, ptxIsa, compression, ...rest }: ImageSummary): CompatImage {
  const match = /^(?:sm|compute)_(\d{1,4})([af]?)$/.exec(target);
  const variant = match?.[2] === 'a' || match?.[2] === 'f' ? match[2] : undefined;
  const bytes = rest.bytes ?? 0;
  return {
    kind,
    target: { capability: Number(match?.[1] ?? 0), variant },
    ptxIsa: ptxIsa === undefined ? undefined : parsePtxIsaVersion(ptxIsa),
    compression,
    payloadBytes: bytes,
    decompressedBytes: undefined,
    slice: rest.isConcatenated === true ? { sizeBytes: bytes } : undefined,
  };
}
