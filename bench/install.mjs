// Installing a bundle of 200 MB from loopback against `curl`, `sha256sum` and `tar -x` of the same file (limit: 1.3
// times as long), and reading and judging a signed index of 1,000 bundles for a T4 against an empty Node program (limit: 150 ms more).
//   npm run build; node bench/install.mjs [--runs N]
import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  createReadStream,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isMainThread, Worker, workerData, parentPort } from 'node:worker_threads';
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import { median, record, round } from './support/record.mjs';

const BUNDLE_BYTES = 200_000_000;
const BUNDLES = 1000;
const limits = { ratio: 1.3, judgeMs: 150 };

if (isMainThread) await main();
else serve(workerData);

async function main() {
  const { values } = parseArgs({ options: { runs: { type: 'string', default: '7' } } });
  const runs = Number(values.runs);
  const { packRuntime } = await import('../dist/runtime/pack/pack-runtime.js');
  const { addToIndex } = await import('../dist/runtime/index/edit-index.js');
  const { signIndex } = await import('../dist/runtime/index/sign-index.js');
  const { createKeyPair } = await import('../dist/runtime/index/signing-keys.js');
  const root = mkdtempSync(join(tmpdir(), 'llcuda-bench-'));
  const worker = new Worker(fileURLToPath(import.meta.url), { workerData: root });
  try {
    const url = await new Promise((resolve) => worker.once('message', resolve));
    const folder = join(root, 'public');
    mkdirSync(folder);
    writeRuntime(join(root, 'runtime'));
    const archive = join(folder, 'runtime.tar.gz');
    await packRuntime(join(root, 'runtime'), { output: archive });
    await addToIndex(folder, [archive]);
    const { privateKey, publicKey } = createKeyPair();
    const keyPath = join(root, 'key.pem');
    writeFileSync(keyPath, privateKey);
    await signIndex(folder, { keyPath, validDays: 1 });
    const install = measureInstall({ root, url: `${url}/public`, publicKey, runs });
    const many = join(root, 'many');
    mkdirSync(many);
    writeIndex(join(folder, 'index.json'), join(many, 'index.json'));
    await signIndex(many, { keyPath, validDays: 1 });
    const judge = measureJudging({ root, folder: many, publicKey, runs });
    const archiveBytes = statSync(archive).size;
    const indexBytes = statSync(join(many, 'index.json')).size;
    record('install', { runs, limits, archiveBytes, indexBytes, install, judge }, [install, judge]);
  } finally {
    await worker.terminate();
    rmSync(root, { recursive: true, force: true });
  }
}

/** A real program, and libraries that shrink to about half, as those of a CUDA build do. */
function writeRuntime(folder) {
  mkdirSync(join(folder, 'bin'), { recursive: true });
  mkdirSync(join(folder, 'lib'));
  const source = join(folder, 'main.c');
  writeFileSync(
    source,
    '#include <stdio.h>\nint main(void) { puts("version: 1 (0123abc)"); return 0; }\n',
  );
  execFileSync('cc', [source, '-o', join(folder, 'bin', 'llama-server')]);
  rmSync(source);
  const half = BUNDLE_BYTES / 4;
  for (const name of ['data-1.bin', 'data-2.bin', 'data-3.bin', 'data-4.bin']) {
    const block = randomBytes(half);
    const repeated = Buffer.alloc(half, randomBytes(64));
    writeFileSync(join(folder, 'lib', name), Buffer.concat([block, repeated]));
  }
}

function measureInstall({ root, url, publicKey, runs }) {
  const bin = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
  const own = [];
  const theirs = [];
  for (let run = -1; run < runs; run += 1) {
    const store = join(root, `store-${run}`);
    const unpacked = join(root, `unpacked-${run}`);
    mkdirSync(unpacked);
    const shell = `curl -sS -o a.tar.gz "${url}/runtime.tar.gz" && sha256sum a.tar.gz && tar -xzf a.tar.gz && rm a.tar.gz`;
    const elapsedTheirs = time('sh', ['-c', shell], { cwd: unpacked });
    const args = [
      bin,
      'install',
      '--gpu',
      'off',
      '--quiet',
      '--index',
      url,
      '--public-key',
      publicKey,
    ];
    const elapsedOwn = time(process.execPath, args, { env: environment(store) });
    rmSync(store, { recursive: true, force: true });
    rmSync(unpacked, { recursive: true, force: true });
    if (run < 0) continue;
    own.push(elapsedOwn);
    theirs.push(elapsedTheirs);
  }
  const ratio = median(own.map((elapsed, index) => elapsed / theirs[index]));
  return {
    name: 'llcuda install, 200 MB',
    medianMs: round(median(own)),
    comparedMs: round(median(theirs)),
    ratio: round(ratio, 2),
    isMet: ratio <= limits.ratio,
  };
}

function measureJudging({ root, folder, publicKey, runs }) {
  const bin = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
  const env = environment(join(root, 'no-store'));
  const target = ['--for', 't4,driver=550.54.15'];
  const args = [
    bin,
    'install',
    '--dry-run',
    ...target,
    '--index',
    folder,
    '--public-key',
    publicKey,
  ];
  const own = [];
  const base = [];
  for (let run = -1; run < runs * 3; run += 1) {
    const empty = time(process.execPath, ['-e', '0']);
    const elapsed = time(process.execPath, args, { env });
    if (run < 0) continue;
    own.push(elapsed - empty);
    base.push(empty);
  }
  const overMs = median(own);
  return {
    name: `llcuda install --dry-run, ${BUNDLES} bundles, beyond node -e 0`,
    medianMs: round(overMs),
    comparedMs: round(median(base)),
    isMet: overMs <= limits.judgeMs,
  };
}

function environment(store) {
  return { ...process.env, LLCUDA_HOME: store, LLCUDA_CONFIG: '', no_proxy: '127.0.0.1' };
}

function time(command, args, options = {}) {
  const startedAt = performance.now();
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8', ...options });
  const elapsedMs = performance.now() - startedAt;
  if (status !== 0) throw new Error(`${command} ended with ${status}: ${stderr}`);
  return elapsedMs;
}

/** A thousand builds of llama.cpp, each for some GPUs, as a publisher's index grows. */
function writeIndex(from, to) {
  const index = JSON.parse(readFileSync(from, 'utf8'));
  const [one] = index.bundles;
  const targets = [
    'sm_50',
    'sm_61',
    'sm_70',
    'sm_75',
    'sm_80',
    'sm_86',
    'sm_89',
    'sm_90',
    'sm_120a',
  ];
  const bundles = Array.from({ length: BUNDLES }, (_, number) => {
    const own = targets.slice(number % 5, (number % 5) + 4);
    const images = own.map((target) => ({ kind: 'sass', target, compression: 'zstd' }));
    const ptx = {
      kind: 'ptx',
      target: 'compute_80',
      ptxIsa: number % 2 ? '8.4' : '9.0',
      compression: 'zstd',
      bytes: 9_000_000,
    };
    return {
      ...one,
      name: `b${number}-linux-x64-cuda12-${String(number).padStart(8, '0')}`,
      file: `b${number}.tar.gz`,
      llamaCpp: { version: `b${number}`, commit: '0123abc' },
      backend: 'cuda',
      gpu: [
        {
          path: 'lib/libggml-cuda.so',
          runtimeMajor: 12,
          fatbins: [
            { count: 130, images: [...images, ptx] },
            { count: 13, images },
          ],
        },
      ],
    };
  });
  writeFileSync(to, JSON.stringify({ ...index, bundles }, null, 1));
}

/** In a thread of its own, since the measured programs are waited for. */
function serve(root) {
  const server = createServer((request, response) => {
    const path = join(root, new URL(request.url, 'http://loopback').pathname);
    response.setHeader('content-length', statSync(path).size);
    createReadStream(path, { highWaterMark: 1 << 20 }).pipe(response);
  });
  server.listen(0, '127.0.0.1', () => {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- A thread, not a window.
    parentPort.postMessage(`http://127.0.0.1:${server.address().port}`);
  });
}
