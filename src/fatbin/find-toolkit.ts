import type { LinkedLibraries } from '../binary/linked-libraries.ts';
import type { ByteSource, ReadOptions } from '../bytes/byte-source.ts';
import { createBufferSource } from '../bytes/create-buffer-source.ts';
import { createSubSource } from '../bytes/create-sub-source.ts';
import { isBinaryError } from '../bytes/is-binary-error.ts';
import type { ToolkitVersion } from './cubin.ts';
import type { Fatbin } from './fatbin.ts';
import type { FatbinImage, PtxIsa } from './fatbin-image.ts';
import type { ToolkitFacts } from './gpu-code.ts';
import { TOOLKIT_CUBIN_MAXIMUM_BYTES } from './limits.ts';
import { readCubin } from './read-cubin.ts';
import { readImagePayload } from './read-image-payload.ts';

export interface ToolkitOptions extends ReadOptions {
  readonly isDeep?: boolean;
}

/** Collects what tells the toolkit. At most one image is read, and decompressed only with `isDeep`. */
export async function findToolkit(
  source: ByteSource,
  code: { readonly fatbins: readonly Fatbin[]; readonly libraries: LinkedLibraries },
  options: ToolkitOptions = {},
): Promise<ToolkitFacts> {
  const images = code.fatbins.filter(({ isStub }) => !isStub).flatMap((fatbin) => fatbin.images);
  return {
    highestPtxIsa: findHighestIsa(images),
    cubinToolkit: await findCubinToolkit(source, images, options),
    cudartMajor: findCudartMajor(code.libraries.needed),
  };
}

function findHighestIsa(images: readonly FatbinImage[]): PtxIsa | undefined {
  let highest: PtxIsa | undefined;
  for (const { ptxIsa } of images) {
    if (ptxIsa !== undefined && (highest === undefined || rank(ptxIsa) > rank(highest))) {
      highest = ptxIsa;
    }
  }
  return highest;
}

function rank({ major, minor }: PtxIsa): number {
  return major * 0x10000 + minor;
}

async function findCubinToolkit(
  source: ByteSource,
  images: readonly FatbinImage[],
  options: ToolkitOptions,
): Promise<ToolkitVersion | undefined> {
  const stored = findSmallest(images, ({ compression }) => compression === 'none');
  const isDeep = options.isDeep ?? false;
  const image = stored ?? (isDeep ? findSmallest(images, () => true) : undefined);
  if (image === undefined) return undefined;
  try {
    const { payloadOffset, payloadBytes } = image;
    const maximumBytes = TOOLKIT_CUBIN_MAXIMUM_BYTES;
    const cubin =
      image.compression === 'none'
        ? createSubSource(source, payloadOffset, payloadBytes)
        : createBufferSource(await readImagePayload(source, image, { ...options, maximumBytes }));
    return (await readCubin(cubin, options)).toolkit;
  } catch (error) {
    // A version is nice to know; the images are listed without it.
    if (isBinaryError(error)) return undefined;
    throw error;
  }
}

function findSmallest(
  images: readonly FatbinImage[],
  isWanted: (image: FatbinImage) => boolean,
): FatbinImage | undefined {
  let smallest: FatbinImage | undefined;
  for (const image of images) {
    if (image.kind !== 'sass' || !isWanted(image)) continue;
    if (smallest === undefined || image.payloadBytes < smallest.payloadBytes) smallest = image;
  }
  return smallest;
}

/** `libcudart.so.13`, `libcudart.so.11.0`, `cudart64_12.dll`; up to 11.x Windows had `cudart64_110.dll`. */
function findCudartMajor(needed: readonly string[]): number | undefined {
  for (const name of needed) {
    const match = /^libcudart\.so\.(\d{1,3})(?:\.|$)|^cudart64_(\d{1,3})\.dll$/i.exec(name);
    if (match === null) continue;
    const [, elf, windows = ''] = match;
    return Number(elf ?? (windows.length === 3 ? windows.slice(0, 2) : windows));
  }
  return undefined;
}
