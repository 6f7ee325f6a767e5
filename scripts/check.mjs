// Every check of the project, in one command: `npm run check`. `--no-tests` leaves the tests out (CI runs
// them by the command of the README).
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));

const steps = [
  { name: 'types', command: 'npx', args: ['tsc', '--noEmit'] },
  { name: 'build', command: 'node', args: ['scripts/build.mjs'] },
  { name: 'lint', command: 'npx', args: ['oxlint', '--type-aware', '--deny-warnings'] },
  { name: 'format', command: 'npx', args: ['oxfmt', '--check'] },
  { name: 'layers', command: 'npx', args: ['depcruise', 'src'] },
  { name: 'unused', command: 'npx', args: ['knip'] },
  { name: 'reference', command: 'node', args: ['scripts/generate-reference.mjs', '--check'] },
  { name: 'package', command: 'npx', args: ['publint', '--strict'] },
  { name: 'exports', command: 'npx', args: ['attw', '--pack', '.', '--profile', 'esm-only'] },
  { name: 'tests', command: 'npm', args: ['test'] },
].filter(({ name }) => name !== 'tests' || !process.argv.includes('--no-tests'));

const failed = [];
for (const { name, command, args } of steps) {
  const startedAt = performance.now();
  const { status, stdout, stderr } = spawnSync(command, args, {
    encoding: 'utf8',
    // npm would run `prepare` and so build again while attw packs.
    env: { ...process.env, npm_config_ignore_scripts: 'true' },
    stdio: name === 'tests' ? 'inherit' : 'pipe',
  });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`${status === 0 ? 'ok  ' : 'FAIL'} ${name} (${seconds} s)`);
  if (status === 0) continue;
  failed.push(name);
  console.log(`${stdout ?? ''}${stderr ?? ''}`);
}
if (failed.length > 0) {
  console.log(`Failed: ${failed.join(', ')}`);
  process.exit(1);
}
