import { execFileSync } from 'node:child_process';
import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createBufferSource } from '../../src/bytes/create-buffer-source.ts';
import { parseTarget, resolveTarget } from '../../src/compat/parse-target.ts';
import { describeError } from '../../src/errors/describe-error.ts';
import { createNodeHost } from '../../src/host/create-node-host.ts';
import type { Host } from '../../src/host/host.ts';
import { inspectBinary } from '../../src/inspect/inspect-binary.ts';
import { libraryBytes, libraryReport } from '../support/library-bytes.ts';
import { serveRanges } from '../support/serve-ranges.ts';
import { serve } from '../support/serve.ts';
import { createTemporaryDirectory } from '../support/temporary-directory.ts';

const library = libraryBytes();
const t4 = resolveTarget(parseTarget('t4,driver=580.82.07'), 't4,driver=580.82.07');
const h100 = resolveTarget(parseTarget('h100,driver=580.82.07'), 'h100,driver=580.82.07');

function hostIn(folder: string, env: Readonly<Record<string, string>> = {}): Host {
  const host = createNodeHost();
  return {
    ...host,
    workingDirectory: folder,
    env: { ...host.env, LLCUDA_HOME: join(folder, 'store'), ...env },
  };
}

test('reports the GPU code of a file as the JSON schema has it', async () => {
  await using directory = await createTemporaryDirectory();
  await writeFile(join(directory.path, 'libcode.so'), library);

  const report = await inspectBinary('libcode.so', { host: hostIn(directory.path) });

  expect(JSON.parse(JSON.stringify(report))).toEqual({
    schemaVersion: 1,
    files: [
      {
        path: 'libcode.so',
        sizeBytes: library.length,
        ...libraryReport,
        libraries: { needed: ['libcudart.so.13', 'libc.so.6'], runpath: [], glibc: '2.34' },
      },
    ],
  });
});

test('judges it for a host: machine code runs, PTX that is too new does not', async () => {
  const source = { name: 'libcode.so', source: createBufferSource(library) };

  const [native] = (await inspectBinary(source, { for: t4 })).files;
  const [fail] = (await inspectBinary(source, { for: h100 })).files;

  expect(native).toMatchObject({ verdict: { outcome: 'native', cudaError: null } });
  expect(fail).toMatchObject({
    verdict: { outcome: 'fail', cudaError: 222, minimumDriver: expect.stringMatching(/^590/) },
  });
});

test("judges with CUDA's environment variables", async () => {
  const source = { name: 'libcode.so', source: createBufferSource(library) };

  const report = await inspectBinary(source, { for: t4, environment: { forcePtxJit: true } });

  expect(report.files).toMatchObject([{ verdict: { outcome: 'fail', cudaError: 222 } }]);
});

test('decodes every image when asked to, and names those that cannot be', async () => {
  const source = { name: 'libcode.so', source: createBufferSource(library) };

  const { files } = await inspectBinary(source, { deep: true });

  expect(files).toMatchObject([
    {
      decoded: {
        images: 3,
        sizeBytes: 3000,
        failures: Array.from({ length: 3 }, () => ({ target: 'sm_75', code: 'BINARY_MALFORMED' })),
      },
    },
  ]);
});

test('lists every binary of a folder, with an error where one cannot be read', async () => {
  await using directory = await createTemporaryDirectory();
  const folder = join(directory.path, 'folder');
  await mkdir(join(folder, 'sub'), { recursive: true });
  await writeFile(join(folder, 'liba.so'), library);
  await writeFile(join(folder, 'sub', 'libb.so'), library.subarray(0, 3000));
  await writeFile(join(folder, 'mach'), Buffer.from('cffaedfe07000001', 'hex'));
  await writeFile(join(folder, 'notes.txt'), 'text');
  await writeFile(join(folder, 'empty'), '');
  await symlink('..', join(folder, 'sub', 'loop'));

  const { files } = await inspectBinary('folder/', { host: hostIn(directory.path) });

  expect(files).toMatchObject([
    { path: 'folder/liba.so', fatbins: 3 },
    { path: 'folder/mach', error: { code: 'BINARY_UNSUPPORTED' } },
    { path: 'folder/sub/libb.so', error: { code: 'BINARY_MALFORMED' } },
  ]);
});

// Root may read everything, so the test becomes another user for a moment.
test.runIf(process.getuid?.() === 0)('lists files and folders that may not be read', async () => {
  await using directory = await createTemporaryDirectory();
  const folder = join(directory.path, 'folder');
  await mkdir(join(folder, 'closed'), { recursive: true });
  await writeFile(join(folder, 'liba.so'), library);
  await writeFile(join(folder, 'libb.so'), library);
  await chmod(directory.path, 0o755);
  await chmod(join(folder, 'libb.so'), 0o600);
  await chmod(join(folder, 'closed'), 0o700);
  const host = hostIn(directory.path);

  process.seteuid?.(65_534);
  const { files } = await inspectBinary(folder, { host }).finally(() => process.seteuid?.(0));

  expect(files).toMatchObject([
    { path: join(folder, 'closed'), error: { code: 'SOURCE_UNREADABLE' } },
    { path: join(folder, 'liba.so'), fatbins: 3 },
    { path: join(folder, 'libb.so'), error: { code: 'SOURCE_UNREADABLE' } },
  ]);
});

test('lists the binaries of an archive, sorted by path', async () => {
  await using directory = await createTemporaryDirectory();
  const cwd = directory.path;
  await writeFile(join(cwd, 'a.so'), libraryBytes({ fatbinCount: 18, payloadBytes: 1 << 20 }));
  await writeFile(join(cwd, 'b.so'), library);
  await writeFile(join(cwd, 'c.so'), library.subarray(0, 3000));
  execFileSync('tar', ['-czf', 'x.tgz', 'c.so', 'a.so', 'b.so'], { cwd });

  const { files } = await inspectBinary('x.tgz', { host: hostIn(cwd), for: t4 });

  expect(files).toMatchObject([
    { path: 'x.tgz!/a.so', fatbins: 18, verdict: { outcome: 'native' } },
    { path: 'x.tgz!/b.so', fatbins: 3, verdict: { outcome: 'native' } },
    { path: 'x.tgz!/c.so', error: { code: 'BINARY_MALFORMED' } },
  ]);
});

test('decodes the images of a large member of a compressed archive', async () => {
  await using directory = await createTemporaryDirectory();
  const cwd = directory.path;
  await writeFile(join(cwd, 'a.so'), libraryBytes({ fatbinCount: 18, payloadBytes: 1 << 20 }));
  execFileSync('tar', ['-czf', 'x.tgz', 'a.so'], { cwd });

  const { files } = await inspectBinary('x.tgz', { host: hostIn(cwd), deep: true });

  expect(files).toMatchObject([{ decoded: { images: 18, sizeBytes: 18 << 20 } }]);
});

test('reads a library on a server by ranges, without its query in the report', async () => {
  const bytes = libraryBytes({ fatbinCount: 40, payloadBytes: 100_000 });
  await using server = await serveRanges(bytes);

  const { files } = await inspectBinary(`${server.url}/lib.so?signature=secret`);

  const sent = server.requests.length * 512 + 300_000;
  expect(files).toMatchObject([{ path: `${server.url}/lib.so`, fatbins: 40 }]);
  expect(sent).toBeLessThan(bytes.length / 10);
});

test('refuses a server without ranges unless it may download', async () => {
  await using directory = await createTemporaryDirectory();
  await using server = await serve((_request, response) => response.end(library));
  const host = hostIn(directory.path);
  const url = `${server.url}/libcode.so`;

  await expect(inspectBinary(url, { host })).rejects.toMatchObject({
    code: 'RANGE_UNSUPPORTED',
    hint: expect.stringContaining('--download'),
  });
  const { files } = await inspectBinary(url, { host, download: true });

  expect(files).toMatchObject([{ path: url, fatbins: 3 }]);
  expect(execFileSync('find', [host.env['LLCUDA_HOME'] ?? '', '-type', 'f']).toString()).toBe('');
});

test('reads a zip on a server by its directory', async () => {
  await using directory = await createTemporaryDirectory();
  const cwd = directory.path;
  const bytes = libraryBytes({ fatbinCount: 18, payloadBytes: 1 << 20 });
  await writeFile(join(cwd, 'a.so'), bytes);
  execFileSync('zip', ['-q', '-0', 'a.zip', 'a.so'], { cwd });
  const zip = await readFile(join(cwd, 'a.zip'));
  let sentBytes = 0;
  await using server = await serveRanges(zip, (answer) => {
    sentBytes += answer.body.length;
    return answer;
  });

  const { files } = await inspectBinary(`${server.url}/a.zip`);

  expect(files).toMatchObject([{ path: `${server.url}/a.zip!/a.so`, fatbins: 18 }]);
  expect(sentBytes).toBeLessThan(500_000);
});

test('says that a file changed while it was on a server', async () => {
  const bytes = libraryBytes({ fatbinCount: 40, payloadBytes: 100_000 });
  await using server = await serveRanges(bytes, (answer, { count }) => ({
    ...answer,
    headers: { ...answer.headers, etag: count < 20 ? '"one"' : '"two"' },
  }));

  await expect(inspectBinary(`${server.url}/lib.so`)).rejects.toMatchObject({
    code: 'SOURCE_CHANGED',
  });
});

test('gives a result or a typed error for a library cut off at any 64th', async () => {
  const whole = libraryBytes({ fatbinCount: 8 });
  const codes = new Set<string>();

  for (let part = 0; part < 64; part += 1) {
    const bytes = whole.subarray(0, Math.floor((whole.length * part) / 64));
    const source = { name: 'cut.so', source: createBufferSource(bytes) };
    const error = await inspectBinary(source).catch((caught: unknown) => caught);
    codes.add(error instanceof Error ? describeError(error).code : 'none');
  }

  expect([...codes].toSorted()).toEqual(['BINARY_MALFORMED', 'BINARY_UNSUPPORTED']);
});

test.each([
  ['absent.so', 'SOURCE_UNREADABLE'],
  ['npm:no-version', 'USAGE_INVALID'],
  ['npm:file:../x@1', 'USAGE_INVALID'],
  ['http://192.0.2.1/lib.so', 'DOWNLOAD_UNREACHABLE'],
])('throws a typed error for %s', async (source, code) => {
  await using directory = await createTemporaryDirectory();

  await expect(inspectBinary(source, { host: hostIn(directory.path) })).rejects.toMatchObject({
    code,
  });
});

test('stops when the signal fires', async () => {
  const source = { name: 'libcode.so', source: createBufferSource(library) };

  await expect(inspectBinary(source, { signal: AbortSignal.abort() })).rejects.toThrow('abort');
});
