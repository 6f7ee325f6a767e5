import { describe, expect, it } from 'vitest';
import { createBufferSource } from '../../src/bytes/create-buffer-source.ts';
import { readFatbin } from '../../src/fatbin/read-fatbin.ts';
import { readImagePayload } from '../../src/fatbin/read-image-payload.ts';
import { buildFatbin, type EntrySpec } from '../fixtures/build-fatbin.ts';
import { encodeLz4Block } from '../fixtures/encode-lz4-block.ts';

const text = new TextEncoder().encode('.version 9.1\n'.repeat(50));
const lz4: EntrySpec = {
  kind: 1,
  capability: 75,
  payload: encodeLz4Block(text),
  compression: { flag: 0x2000, decodedBytes: text.length },
};

async function decode(entry: EntrySpec, maximumBytes: number): Promise<Uint8Array> {
  const source = createBufferSource(buildFatbin([entry]));
  const place = { offset: 0, limit: source.sizeBytes, section: undefined };
  const { images } = await readFatbin(source, place);
  return readImagePayload(source, images[0]!, { maximumBytes });
}

describe('readImagePayload', () => {
  it('decodes a compressed image and copies a stored one', async () => {
    expect([...(await decode(lz4, 10_000))]).toEqual([...text]);
    expect((await decode({ kind: 1, capability: 75, payload: text }, 10_000)).length).toBe(656);
  });

  it.each([
    {
      name: 'a decoded size above the maximum',
      entry: lz4,
      maximumBytes: text.length - 1,
      code: 'BINARY_TOO_LARGE',
    },
    {
      name: 'a payload above the maximum',
      entry: { kind: 1, capability: 75, payload: text },
      maximumBytes: 100,
      code: 'BINARY_TOO_LARGE',
    },
    {
      name: 'more than was announced',
      entry: { ...lz4, compression: { flag: 0x2000, decodedBytes: 10 } },
      maximumBytes: 10_000,
      code: 'BINARY_TOO_LARGE',
    },
    {
      name: 'less than was announced',
      entry: { ...lz4, compression: { flag: 0x2000, decodedBytes: text.length + 1 } },
      maximumBytes: 10_000,
      code: 'BINARY_MALFORMED',
    },
    {
      name: 'an unknown compression',
      entry: { ...lz4, compression: { flag: 0x1000, decodedBytes: text.length } },
      maximumBytes: 10_000,
      code: 'BINARY_UNSUPPORTED',
    },
    {
      name: 'obfuscated LTO-IR',
      entry: { kind: 8, capability: 80, payload: text, flags: 0x10011 },
      maximumBytes: 10_000,
      code: 'BINARY_UNSUPPORTED',
    },
  ])('refuses $name', async ({ entry, maximumBytes, code }) => {
    await expect(decode(entry, maximumBytes)).rejects.toMatchObject({ code });
  });
});
