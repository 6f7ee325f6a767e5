import type { ByteSource, ReadOptions } from '../bytes/byte-source.ts';
import type { Fatbin } from './fatbin.ts';
import type { FatbinImage } from './fatbin-image.ts';
import { PTX_HEAD_BYTES } from './limits.ts';
import { parsePtxHeader } from './parse-ptx-header.ts';
import { readCubin } from './read-cubin.ts';

/** Reads a file that is one cubin or one PTX text, as a fatbin with this one image. */
export async function readLoneImage(
  source: ByteSource,
  format: 'cubin' | 'ptx',
  options: ReadOptions = {},
): Promise<Fatbin> {
  const { sizeBytes } = source;
  const facts =
    format === 'cubin'
      ? await readCubinFacts(source, options)
      : await readPtxFacts(source, options);
  const image: FatbinImage = {
    ...facts,
    rawKind: 0,
    compression: 'none',
    offset: 0,
    payloadOffset: 0,
    payloadBytes: sizeBytes,
    decompressedBytes: undefined,
    slice: undefined,
    flags: 0,
    objectName: undefined,
    options: undefined,
  };
  return {
    offset: 0,
    sizeBytes,
    section: undefined,
    member: undefined,
    isStub: false,
    images: [image],
  };
}

type ImageFacts = Pick<FatbinImage, 'kind' | 'target' | 'ptxIsa' | 'is64Bit' | 'isDebug'>;

async function readCubinFacts(source: ByteSource, options: ReadOptions): Promise<ImageFacts> {
  const { target, isDebug } = await readCubin(source, options);
  return { kind: 'sass', target, ptxIsa: undefined, is64Bit: true, isDebug };
}

async function readPtxFacts(source: ByteSource, options: ReadOptions): Promise<ImageFacts> {
  const head = await source.read(0, Math.min(PTX_HEAD_BYTES, source.sizeBytes), options);
  const { isa, target, is64Bit, isDebug } = parsePtxHeader(head);
  return { kind: 'ptx', target, ptxIsa: isa, is64Bit, isDebug };
}
