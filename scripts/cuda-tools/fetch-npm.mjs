// Packages through npm, pinned by the registry's own integrity; `npm pack` runs none of their scripts.
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { hashFile } from './cache.mjs';
import { runCommand } from './run-command.mjs';

/** Downloads an item's package and unpacks its files into `content`. */
export async function fetchNpm(item, content, staging) {
  const packages = [];
  for (const { name, version, integrity } of item.packages) {
    const folder = join(staging, 'pack');
    mkdirSync(folder);
    // A cache of its own: npm would keep the archive a second time.
    const cache = ['--cache', join(staging, 'npm-cache')];
    runCommand('npm', ['pack', '--loglevel', 'error', ...cache, `${name}@${version}`], {
      cwd: folder,
    });
    const [file] = readdirSync(folder);
    const path = join(folder, file);
    const sha256 = await hashFile(path, { integrity });
    runCommand('tar', ['-xzf', path, '-C', content, '--no-same-owner', ...item.files]);
    packages.push({ name: name.replace('@', ''), version, sha256 });
  }
  return packages;
}
