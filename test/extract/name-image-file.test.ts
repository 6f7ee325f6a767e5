import { describe, expect, it } from 'vitest';
import { createBufferSource } from '../../src/bytes/create-buffer-source.ts';
import type { FatbinImage } from '../../src/fatbin/fatbin-image.ts';
import { createNameImageFile } from '../../src/extract/name-image-file.ts';
import type { PlacedImage } from '../../src/extract/visit-images.ts';

const image: FatbinImage = {
  kind: 'sass',
  rawKind: 2,
  target: { capability: 90, variant: 'a' },
  ptxIsa: undefined,
  compression: 'none',
  offset: 0,
  payloadOffset: 64,
  payloadBytes: 1,
  decompressedBytes: undefined,
  slice: undefined,
  flags: 0,
  is64Bit: true,
  isDebug: false,
  objectName: undefined,
  options: undefined,
};

function place(path: string, rest: Partial<PlacedImage> = {}): PlacedImage {
  return { path, fatbinIndex: 0, image, source: createBufferSource(new Uint8Array()), ...rest };
}

describe('createNameImageFile', () => {
  it.each([
    ['lib/libggml-cuda.so', 'libggml-cuda.so.0000.sm_90a.cubin'],
    ['a.zip!/x/../../etc/passwd', 'passwd.0000.sm_90a.cubin'],
    ['..', 'binary.0000.sm_90a.cubin'],
    ['https://example.org/a.so?sig=1/2', 'a.so.0000.sm_90a.cubin'],
    ['C:\\x\\nul\u0000\u001b[2J.dll', 'nul___2J.dll.0000.sm_90a.cubin'],
    ['.hidden', 'hidden.0000.sm_90a.cubin'],
  ])('names an image of %j', (path, name) => {
    expect(createNameImageFile()(place(path))).toBe(name);
  });

  it('never gives a name twice', () => {
    const nameImageFile = createNameImageFile();

    const names = [
      nameImageFile(place('a/x.so')),
      nameImageFile(place('a/x.so')),
      nameImageFile(place('b/X.so')),
      nameImageFile(place('a/x.so', { fatbinIndex: 12 })),
    ];

    expect(names).toEqual([
      'x.so.0000.sm_90a.cubin',
      'x.so.0000.sm_90a-2.cubin',
      'X.so-2.0000.sm_90a.cubin',
      'x.so.0012.sm_90a.cubin',
    ]);
  });
});
