// Compiles src/ into a fresh dist/: built beside it, then switched, so that a failed build leaves the last one. The
// command starts from dist/bin, where the modules of a command are a few files: Node takes 0.5 ms to load one, and
// `llcuda inspect` is made of 190.
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, renameSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);
if (!existsSync('node_modules/typescript')) {
  console.error('llcuda: TypeScript is not installed here; run `npm ci` to build from a checkout.');
  process.exit(1);
}

const staging = `dist.${process.pid}`;
try {
  execFileSync(
    process.execPath,
    ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json', '--outDir', staging],
    { stdio: 'inherit' },
  );
  await bundleCommand(`${staging}/cli/main.js`, `${staging}/bin`);
  chmodSync(`${staging}/bin/llcuda.js`, 0o755);
  rmSync('dist', { recursive: true, force: true });
  renameSync(staging, 'dist');
} catch (error) {
  rmSync(staging, { recursive: true, force: true });
  if (error.status === undefined) throw error;
  process.exit(error.status);
}

/** Packages stay imports of their own; so do the entries of child processes, which are found by `#name`. */
async function bundleCommand(input, directory) {
  const bundle = await rolldown({
    input: { llcuda: input },
    platform: 'node',
    external: (id) => !/^[./]/.test(id),
    onLog(_level, log) {
      throw new Error(log.message);
    },
  });
  await bundle.write({ dir: directory, format: 'esm', chunkFileNames: '[name].js' });
  await bundle.close();
}
