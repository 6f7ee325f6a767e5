// Compiles src/ into a fresh dist/: built beside it, then switched, so that a failed build leaves the last one.
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, renameSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

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
  chmodSync(`${staging}/cli/main.js`, 0o755);
  rmSync('dist', { recursive: true, force: true });
  renameSync(staging, 'dist');
} catch (error) {
  rmSync(staging, { recursive: true, force: true });
  if (error.status === undefined) throw error;
  process.exit(error.status);
}
