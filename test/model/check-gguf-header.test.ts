import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LlcudaError } from '../../src/errors/llcuda-error.ts';
import { checkGgufHeader } from '../../src/model/check-gguf-header.ts';
import { pullModel } from '../../src/model/pull-model.ts';
import { ggufBytes } from '../support/gguf-bytes.ts';
import { hostWithStore } from '../support/serve-hub.ts';
import { createTemporaryDirectory } from '../support/temporary-directory.ts';
import { testModel, testStore } from '../support/test-store.ts';

function withVersion(version: number): Buffer {
  const bytes = ggufBytes(100);
  bytes.writeUInt32LE(version, 4);
  return bytes;
}

describe('checkGgufHeader', () => {
  it('accepts a real model', async () => {
    const { path } = await pullModel(testModel, { host: hostWithStore(testStore) });

    const checking = checkGgufHeader(path);

    await expect(checking).resolves.toBeUndefined();
  });

  it.each([2, 3])('accepts version %d', async (version) => {
    await using directory = await createTemporaryDirectory();
    const path = join(directory.path, 'model.gguf');
    await writeFile(path, withVersion(version));

    const checking = checkGgufHeader(path);

    await expect(checking).resolves.toBeUndefined();
  });

  it.each([
    ['an empty file', Buffer.of(), 'the file is empty'],
    ['a part of the magic', Buffer.from('GGU'), 'it does not begin with GGUF'],
    ['the magic alone', Buffer.from('GGUF'), 'it ends inside its header'],
    ['a header cut off', ggufBytes(24).subarray(0, 23), 'it ends inside its header'],
    ['another magic', Buffer.from('ggml'.repeat(10)), 'it does not begin with GGUF'],
    ['a page of an error', Buffer.from('<html>not found'), 'it does not begin with GGUF'],
    ['version 0', withVersion(0), 'GGUF version 0 is not 2 or 3'],
    ['version 1', withVersion(1), 'GGUF version 1 is not 2 or 3'],
    ['version 99', withVersion(99), 'GGUF version 99 is not 2 or 3'],
  ])('refuses %s', async (_what, bytes, reason) => {
    await using directory = await createTemporaryDirectory();
    const path = join(directory.path, 'model.gguf');
    await writeFile(path, bytes);

    const checking = checkGgufHeader(path);

    await expect(checking).rejects.toMatchObject({
      code: 'MODEL_FILE_INVALID',
      detail: { path, reason },
    });
  });

  it('refuses a folder', async () => {
    await using directory = await createTemporaryDirectory();
    const path = join(directory.path, 'model.gguf');
    await mkdir(path);

    const checking = checkGgufHeader(path);

    await expect(checking).rejects.toMatchObject({
      code: 'MODEL_FILE_INVALID',
      detail: { path, reason: 'it is a folder' },
    });
  });

  it.each(['missing.gguf', 'file/below.gguf'])('finds no %s', async (name) => {
    await using directory = await createTemporaryDirectory();
    await writeFile(join(directory.path, 'file'), '');
    const path = join(directory.path, name);

    const checking = checkGgufHeader(path);

    await expect(checking).rejects.toMatchObject({
      code: 'MODEL_FILE_NOT_FOUND',
      detail: { path },
    });
  });

  it('fails in no other way, whatever the bytes', async () => {
    await using directory = await createTemporaryDirectory();
    const path = join(directory.path, 'model.gguf');
    const anyBytes = fc
      .tuple(fc.boolean(), fc.uint8Array({ maxLength: 40 }))
      .map(([isGguf, bytes]) =>
        Buffer.concat([Buffer.from(isGguf ? 'GGUF\u0003\0\0\0' : ''), bytes]),
      );

    await fc.assert(
      fc.asyncProperty(anyBytes, async (bytes) => {
        await writeFile(path, bytes);

        const error: unknown = await checkGgufHeader(path).catch((reason: unknown) => reason);

        expect(error === undefined || LlcudaError.is(error, 'MODEL_FILE_INVALID')).toBe(true);
      }),
    );
  });
});
