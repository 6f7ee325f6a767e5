import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createBufferSource } from '../../src/bytes/create-buffer-source.ts';
import type { FatbinImage } from '../../src/fatbin/fatbin-image.ts';
import { parsePtxHeader } from '../../src/fatbin/parse-ptx-header.ts';
import { readCubin } from '../../src/fatbin/read-cubin.ts';
import { readGpuCode } from '../../src/fatbin/read-gpu-code.ts';
import { readImagePayload } from '../../src/fatbin/read-image-payload.ts';
import { readTruthFiles } from '../fixtures/cuda-truth.ts';

const files = readTruthFiles();

async function readImages(bytes: Uint8Array): Promise<readonly FatbinImage[]> {
  const { fatbins } = await readGpuCode(createBufferSource(bytes));
  expect(fatbins.length).toBe(1);
  return fatbins[0]!.images;
}

function formatImage({ kind, target, ptxIsa }: FatbinImage): string {
  const isa = ptxIsa === undefined ? '' : `@${ptxIsa.major}.${ptxIsa.minor}`;
  return `${kind}_${target.capability}${target.variant ?? ''}${isa}`;
}

describe('the recorded fatbins', () => {
  it('are 213', () => {
    expect(files.length).toBe(213);
  });

  it('hold the images that random.json lists', async () => {
    const text = readFileSync(
      new URL('../fixtures/cuda-truth/random.json', import.meta.url),
      'utf8',
    );
    const { cases } = JSON.parse(text) as {
      cases: Record<string, { sass: string[]; ptx: { arch: string; isa: string }[] }>;
    };
    for (const { name, bytes } of files.filter((file) => file.name.startsWith('random/'))) {
      const listed = cases[name.slice('random/'.length)]!;
      const expected = [
        ...listed.sass.map((arch) => `sass_${arch}`),
        ...listed.ptx.map(({ arch, isa }) => `ptx_${arch}@${isa}`),
      ];

      const images = await readImages(bytes);

      expect(images.map(formatImage).toSorted(), name).toEqual(expected.toSorted());
    }
  });

  it('hold the one image that their name says', async () => {
    const named = files.flatMap((file) => {
      const match = /^base\/(sass|ptx)_(\d+[af]?)(?:_isa(\d+\.\d+))?$/.exec(file.name);
      return match === null ? [] : [{ file, text: `${match[1]}_${match[2]}`, isa: match[3] }];
    });
    expect(named.length).toBeGreaterThan(50);
    for (const { file, text, isa } of named) {
      const images = await readImages(file.bytes);

      const formatted = images.map(formatImage);
      expect(formatted, file.name).toEqual([
        text.startsWith('ptx') ? `${text}@${isa ?? '9.0'}` : text,
      ]);
    }
  });

  it.each([
    { name: 'mode_none_all', ptx: 'none', sass: 'none' },
    { name: 'mode_default_all', ptx: 'zstd', sass: 'none' },
    { name: 'mode_balance_all', ptx: 'zstd', sass: 'none' },
    { name: 'mode_size_all', ptx: 'zstd', sass: 'zstd' },
    { name: 'mode_speed_all', ptx: 'lz4', sass: 'none' },
  ])('are compressed as nvcc documents: $name', async ({ name, ptx, sass }) => {
    const images = await readImages(files.find((file) => file.name === `base/${name}`)!.bytes);

    for (const { kind, compression } of images)
      expect(compression).toBe(kind === 'ptx' ? ptx : sass);
  });

  it('decode to code for the target and version of their headers, made by toolkit 13.0', async () => {
    for (const { name, bytes } of files) {
      const source = createBufferSource(bytes);
      for (const image of await readImages(bytes)) {
        const payload = await readImagePayload(source, image, { maximumBytes: 1 << 20 });
        const found =
          image.kind === 'ptx'
            ? parsePtxHeader(payload)
            : await readCubin(createBufferSource(payload));

        expect(found.target, name).toEqual(image.target);
        if ('isa' in found) expect(found.isa, name).toEqual(image.ptxIsa);
        else
          expect(found, name).toMatchObject({
            toolkit: { major: 13, minor: 0 },
            toolVersion: 'V13.0.88',
          });
      }
    }
  });
});
