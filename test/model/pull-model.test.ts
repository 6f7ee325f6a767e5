import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createDataHost } from '../../src/host/create-data-host.ts';
import { pullModel } from '../../src/model/pull-model.ts';
import { ggufBytes } from '../support/gguf-bytes.ts';
import { createTemporaryDirectory } from '../support/temporary-directory.ts';

describe('pullModel', () => {
  it('takes a path from the working directory, and fetches nothing', async () => {
    await using directory = await createTemporaryDirectory();
    await writeFile(join(directory.path, 'tiny.gguf'), ggufBytes(100));

    const model = await pullModel('./tiny.gguf', {
      host: createDataHost({ workingDirectory: directory.path }),
    });

    expect(model).toEqual({
      name: 'tiny.gguf',
      path: join(directory.path, 'tiny.gguf'),
      wasPresent: true,
      entry: undefined,
    });
  });

  it.each([
    ['a path where nothing is', './missing.gguf', 'MODEL_FILE_NOT_FOUND'],
    ['an unknown name', 'no-such-model', 'MODEL_UNKNOWN'],
    ['text that is no reference', 'two words', 'MODEL_REFERENCE_INVALID'],
  ])('refuses %s', async (_what, reference, code) => {
    await using directory = await createTemporaryDirectory();

    const pulling = pullModel(reference, {
      host: createDataHost({ workingDirectory: directory.path }),
    });

    await expect(pulling).rejects.toMatchObject({ code });
  });

  it('does nothing when the signal has fired already', async () => {
    const reason = new Error('enough');

    const pulling = pullModel('smollm2-135m', {
      host: createDataHost(),
      signal: AbortSignal.abort(reason),
    });

    await expect(pulling).rejects.toBe(reason);
  });
});
