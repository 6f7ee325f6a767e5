import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBufferSource } from '../../src/bytes/create-buffer-source.ts';
import type { FatbinImage } from '../../src/fatbin/fatbin-image.ts';
import { readFatbin } from '../../src/fatbin/read-fatbin.ts';
import { readImagePayload } from '../../src/fatbin/read-image-payload.ts';
import { buildConcatenation, buildFatbin } from '../fixtures/build-fatbin.ts';
import { readConcatenatedFiles } from '../fixtures/cuda-truth.ts';
import { encodeLz4Block } from '../fixtures/encode-lz4-block.ts';
import { givesBinaryResult, mutate } from '../fixtures/gives-binary-result.ts';

const files = new Map(readConcatenatedFiles().map(({ name, bytes }) => [name, bytes]));
const twins = [...files.keys()].flatMap((name) => {
  const [, images] = /^concatenated\/concat[a-z]*_(.+)$/.exec(name) ?? [];
  return images === undefined ? [] : [{ name, twin: `concatenated/plain_${images}` }];
});

async function readImages(bytes: Uint8Array): Promise<readonly FatbinImage[]> {
  const place = { offset: 0, limit: bytes.length, section: undefined };
  return (await readFatbin(createBufferSource(bytes), place)).images;
}

/** What is in a fatbin, however it is stored: sorted, as concatenation changes the order. */
async function describeImages(bytes: Uint8Array): Promise<readonly string[]> {
  const source = createBufferSource(bytes);
  const texts: string[] = [];
  for (const image of await readImages(bytes)) {
    const payload = await readImagePayload(source, image, { maximumBytes: 1 << 20 });
    const { kind, target, ptxIsa, is64Bit, isDebug } = image;
    // Stored images are padded to 8 bytes, and what concatenates them pads too.
    const code = Buffer.from(payload).toString('latin1').replace(/\0+$/, '');
    texts.push(JSON.stringify({ kind, target, ptxIsa, is64Bit, isDebug, code }));
  }
  return texts.toSorted();
}

describe('concatenated entries', () => {
  it.each(twins)('hold what fatbinary writes without --concat: $name', async ({ name, twin }) => {
    const images = await readImages(files.get(name)!);

    expect(images.some(({ slice }) => slice !== undefined)).toBe(true);
    expect(await describeImages(files.get(name)!)).toEqual(await describeImages(files.get(twin)!));
  });

  it('were recorded 12 times', () => {
    expect(twins.length).toBe(12);
  });

  it('give back every image that can be written, with its texts', async () => {
    const image = fc.record({
      kind: fc.constantFrom(1, 2),
      capability: fc.integer({ min: 50, max: 130 }),
      payload: fc.uint8Array({ minLength: 1, maxLength: 40 }),
      objectName: fc.option(fc.stringMatching(/^[a-z]{1,20}\.cu$/), { nil: undefined }),
      options: fc.option(fc.stringMatching(/^-[a-z0-9]{1,20}$/), { nil: undefined }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(image, { minLength: 1, maxLength: 6 }), async (parts) => {
        const bytes = buildFatbin([buildConcatenation(parts, encodeLz4Block)]);

        const images = await readImages(bytes);

        expect(images.map(({ target, objectName }) => [target.capability, objectName])).toEqual(
          parts.map(({ capability, objectName }) => [capability, objectName]),
        );
        for (const [index, part] of parts.entries()) {
          const source = createBufferSource(bytes);
          const payload = await readImagePayload(source, images[index]!, { maximumBytes: 4096 });
          expect([...payload]).toEqual([...part.payload]);
        }
      }),
    );
  });

  it('that say what cannot be are malformed', async () => {
    const entry = buildConcatenation(
      [{ kind: 2, capability: 90, payload: Uint8Array.of(1) }],
      encodeLz4Block,
    );
    const list = entry.texts!;
    const patch = (at: number, value: number): Uint8Array => {
      const texts = list.slice();
      new DataView(texts.buffer).setUint32(at, value, true);
      return buildFatbin([{ ...entry, texts }]);
    };

    await expect(readImages(patch(0, 0))).rejects.toMatchObject({ code: 'BINARY_MALFORMED' });
    await expect(readImages(patch(0, 2))).rejects.toMatchObject({ code: 'BINARY_MALFORMED' });
    await expect(readImages(patch(0, 65))).rejects.toMatchObject({ code: 'BINARY_TOO_LARGE' });
    await expect(readImages(patch(4, 0xffffffff))).rejects.toMatchObject({
      code: 'BINARY_MALFORMED',
    });
    await expect(readImages(patch(12, 2))).rejects.toMatchObject({ code: 'BINARY_MALFORMED' });
  });

  it('give a result or the one error, whatever was changed in them', async () => {
    const bytes = [...files.values()];
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: bytes.length - 1 }),
        fc.array(fc.record({ at: fc.nat(600), value: fc.nat(255) }), { maxLength: 4 }),
        async (index, changes) => {
          const run = async (): Promise<unknown> => describeImages(mutate(bytes[index]!, changes));
          expect(await givesBinaryResult(run)).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });
});
