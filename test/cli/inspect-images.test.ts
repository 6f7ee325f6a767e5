import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { truthFixture } from '../support/cuda-truth.ts';
import { createTruthFolder, inspectIn } from '../support/inspect-in.ts';

describe('llcuda inspect --matrix', () => {
  it('prints a table within 80 columns, Markdown, or JSON', async () => {
    const path = truthFixture('base/combo_sass90_ptx90');

    const text = await inspectIn('/', path, '--matrix');
    const markdown = await inspectIn('/', path, '--matrix', '--markdown');
    const json = await inspectIn('/', path, '--matrix', '--json');

    expect(text.stdout).toMatch(/^H100 +9\.0 .* native +native +native$/m);
    expect(Math.max(...text.stdout.split('\n').map((line) => line.length))).toBeLessThan(81);
    expect(markdown.stdout).toMatch(/^\| GPU \| {2}\| 470 \|/);
    const { files } = JSON.parse(json.stdout);
    expect(files[0].path).toBe(path);
    const h100 = files[0].matrix.rows.find(({ gpu }: { gpu: string }) => gpu === 'H100');
    expect(h100.cells.at(-1)).toMatchObject({ isReal: true, verdict: { outcome: 'native' } });
  });
});

describe('llcuda inspect --dump-ptx', () => {
  it('prints the PTX of every file and nothing else', async () => {
    await using folder = await createTruthFolder(['base/mode_size_ptx75', 'base/sass_90']);

    const { exitCode, stdout, stderr } = await inspectIn(folder.path, '.', '--dump-ptx');

    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/^\/\/ .*mode_size_ptx75\.fatbin fatbin 0 compute_75\n/);
    expect(stdout).toMatch(/^\.target sm_75$/m);
    expect(stdout).not.toContain('\0');
  });

  it('says so when there is none', async () => {
    const { exitCode, stdout, stderr } = await inspectIn(
      '/',
      truthFixture('base/sass_90'),
      '--dump-ptx',
    );

    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '' });
    expect(stderr).toContain('no PTX');
  });
});

describe('llcuda inspect --extract', () => {
  it('writes every image under a name that tells where it is from', async () => {
    await using folder = await createTruthFolder(['base/mode_size_all', 'base/mode_size_ptx75']);

    const text = await inspectIn(folder.path, '.', '--extract', 'out');
    const { stdout } = await inspectIn(folder.path, '.', '--extract', 'out2', '--json');

    expect(text.stdout).toMatch(/^Wrote \d+ images, .* to out\n$/);
    const names = await readdir(join(folder.path, 'out'));
    expect(names).toContain('mode_size_ptx75.fatbin.0000.compute_75.ptx');
    const ptx = await readFile(
      join(
        folder.path,
        'out',
        names.find((name) => name.endsWith('ptx'))!,
      ),
    );
    expect(ptx.toString()).toMatch(/^\.version \d/m);
    expect(ptx.toString()).not.toContain('\0');
    const cubin = await readFile(
      join(
        folder.path,
        'out',
        names.find((name) => name.endsWith('cubin'))!,
      ),
    );
    expect([...cubin.subarray(0, 4)]).toEqual([0x7f, 0x45, 0x4c, 0x46]);
    // What the first run extracted is in the folder that the second one reads.
    const { images } = JSON.parse(stdout);
    expect(new Set(images.map(({ name }: { name: string }) => name)).size).toBe(images.length);
  });

  it('never overwrites, and leaves nothing behind when it fails', async () => {
    await using folder = await createTruthFolder(['base/sass_90']);
    await mkdir(join(folder.path, 'out'));
    await writeFile(join(folder.path, 'out', 'mine.txt'), 'keep me');

    const taken = await inspectIn(folder.path, 'sass_90.fatbin', '--extract', 'out');
    const missing = await inspectIn(folder.path, 'sass_90.fatbin', 'no.so', '--extract', 'new');

    expect(taken.exitCode).toBe(73);
    expect(taken.stderr).toContain('OUTPUT_NOT_WRITABLE');
    expect(missing.exitCode).toBe(66);
    expect((await readdir(folder.path)).sort()).toEqual(['out', 'sass_90.fatbin']);
    expect(await readdir(join(folder.path, 'out'))).toEqual(['mine.txt']);
  });

  it('skips an image that cannot be decoded, and says which', async () => {
    await using folder = await createTruthFolder(['base/combo_sass90_ptx90']);
    const path = join(folder.path, 'combo_sass90_ptx90.fatbin');
    const bytes = await readFile(path);
    // The last bytes are of the zstd frame of the PTX.
    bytes.fill(0xff, bytes.length - 40, bytes.length - 8);
    await writeFile(path, bytes);

    const extracted = await inspectIn(folder.path, path, '--extract', 'out', '--json');
    const deep = await inspectIn(folder.path, path, '--deep');

    expect(extracted.exitCode).toBe(1);
    expect(JSON.parse(extracted.stdout)).toMatchObject({
      images: [{ kind: 'sass', target: 'sm_90', fatbinIndex: 0 }],
      skipped: [{ target: 'compute_90', code: 'BINARY_MALFORMED' }],
    });
    expect(deep.exitCode).toBe(1);
    expect(deep.stdout).toMatch(/^ {2}failed +compute_90 at byte \d+/m);
  });
});
