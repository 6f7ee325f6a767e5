// Writes data/embedded-runtime/: one npm lock file per pinned node-llama-cpp version and the table of
// platform packages. Every package is pinned by its integrity hash. Run it to move a pin:
//   node scripts/update-embedded-locks.mjs
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// macOS and Windows stay on 3.21.1: their 3.22.1 packages were never published.
const platforms = [
  {
    platform: 'linux',
    arch: 'x64',
    libc: 'glibc',
    package: '@node-llama-cpp/linux-x64',
    version: '3.22.1',
  },
  {
    platform: 'linux',
    arch: 'arm64',
    libc: 'glibc',
    package: '@node-llama-cpp/linux-arm64',
    version: '3.22.1',
  },
  {
    platform: 'darwin',
    arch: 'arm64',
    package: '@node-llama-cpp/mac-arm64-metal',
    version: '3.21.1',
  },
  { platform: 'darwin', arch: 'x64', package: '@node-llama-cpp/mac-x64', version: '3.21.1' },
  { platform: 'win32', arch: 'x64', package: '@node-llama-cpp/win-x64', version: '3.21.1' },
  { platform: 'win32', arch: 'arm64', package: '@node-llama-cpp/win-arm64', version: '3.21.1' },
];

const outputDirectory = new URL('../data/embedded-runtime/', import.meta.url);
mkdirSync(outputDirectory, { recursive: true });

const rows = platforms.map((row) => ({ ...row, ...describePackage(row.package, row.version) }));
writeJson('platforms.json', { schemaVersion: 1, platforms: rows });
for (const version of new Set(platforms.map((row) => row.version))) {
  writeJson(`lock-${version}.json`, createLock(version));
}

/** The lock of node-llama-cpp alone: its optional packages (350 MB of GPU builds) are left out. */
function createLock(version) {
  const directory = mkdtempSync(join(tmpdir(), 'llcuda-lock-'));
  try {
    const manifest = { name: 'llcuda-embedded-runtime', version, private: true };
    writeFileSync(
      join(directory, 'package.json'),
      JSON.stringify({ ...manifest, dependencies: { 'node-llama-cpp': version } }),
    );
    npm(
      ['install', '--package-lock-only', '--ignore-scripts', '--omit-lockfile-registry-resolved'],
      directory,
    );
    const lock = JSON.parse(readFileSync(join(directory, 'package-lock.json'), 'utf8'));
    for (const [path, entry] of Object.entries(lock.packages)) {
      if (entry.optional) delete lock.packages[path];
      else delete entry.optionalDependencies;
    }
    return lock;
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function describePackage(name, version) {
  const view = JSON.parse(npm(['view', `${name}@${version}`, 'dist', '--json']));
  return { integrity: view.integrity };
}

function npm(args, cwd) {
  return execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
}

function writeJson(name, value) {
  writeFileSync(new URL(name, outputDirectory), `${JSON.stringify(value, null, 2)}\n`);
}
