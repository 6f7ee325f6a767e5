import { constants } from 'node:fs';
import { chmod, copyFile, mkdir, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { checkEntryName } from '../../archive/check-entry-name.ts';
import { checkLinkTarget } from '../../archive/check-link-target.ts';
import { LlcudaError } from '../../errors/llcuda-error.ts';
import { asFileError } from '../../files/as-file-error.ts';
import { isOwnFile } from '../bundle/create-bundle-manifest.ts';
import { listBundlePaths, type BundlePath } from '../bundle/list-bundle-paths.ts';
import { packRefused, type PackProblem } from './pack-problem.ts';
import { BUILD_RECORD } from './read-build-statement.ts';

const PROGRAM = /^llama-server(?:\.exe)?$/;
const LIBRARY = /\.so(?:\.[\d.]+)?$|\.dll$/i;
const LICENSE = /^(?:LICEN[CS]E|COPYING|NOTICE|EULA)/i;

/**
 * Copies what belongs to a runtime into an empty folder, in the layout of a bundle. A folder with `bin/llama-server` keeps
 * its `bin/`, `lib/` and the licences beside them; of a flat one, such as `build/bin`, llama-server and the libraries go
 * to `bin/` together, since they find each other by `$ORIGIN`. Throws `PACK_REFUSED`.
 */
export async function stageRuntime(folder: string, staging: string): Promise<void> {
  const paths = await listBundlePaths(folder);
  const isLaidOut = paths.some(
    ({ path }) => PROGRAM.test(path.replace(/^bin\//, '')) && path.startsWith('bin/'),
  );
  const chosen = paths.flatMap((found) => {
    const path = isLaidOut ? placeLaidOut(found.path) : placeFlat(found.path);
    return path === undefined ? [] : [{ found, path }];
  });
  if (!chosen.some(({ path }) => PROGRAM.test(path.replace(/^bin\//, '')))) {
    throw packRefused(folder, [
      {
        path: 'bin/llama-server',
        reason: 'there is no llama-server in the folder or in its bin/',
        fix: 'Build the target llama-server, and name the folder that holds it.',
      },
    ]);
  }
  const problems = chosen.flatMap(({ found, path }) => checkName(found, path));
  const [first, ...rest] = problems;
  if (first !== undefined) throw packRefused(folder, [first, ...rest]);
  for (const { found, path } of chosen) {
    await copy(join(folder, found.path), found, join(staging, path));
  }
}

function placeLaidOut(path: string): string | undefined {
  if (isOwnFile(path) || path === BUILD_RECORD) return undefined;
  const [first = ''] = path.split('/');
  const isOurs = first === 'bin' || first === 'lib' || first === 'licenses' || LICENSE.test(first);
  return isOurs ? path : undefined;
}

function placeFlat(path: string): string | undefined {
  if (path.includes('/')) return undefined;
  if (PROGRAM.test(path) || LIBRARY.test(path)) return `bin/${path}`;
  return LICENSE.test(path) ? path : undefined;
}

/** What would not be unpacked must not be packed. */
function checkName(found: BundlePath, path: string): readonly PackProblem[] {
  if (found.kind === 'other') {
    return [{ path: found.path, reason: 'it is no plain file, or has a setuid or setgid bit' }];
  }
  try {
    const parts = checkEntryName(path);
    if (found.kind === 'link') checkLinkTarget(parts, found.target);
    return [];
  } catch (error) {
    if (!LlcudaError.is(error, 'ARCHIVE_UNSAFE')) throw error;
    return [{ path: found.path, reason: error.detail.reason, fix: 'Rename or remove it.' }];
  }
}

async function copy(source: string, found: BundlePath, destination: string): Promise<void> {
  try {
    await mkdir(dirname(destination), { recursive: true });
    if (found.kind === 'link') await symlink(found.target, destination);
    if (found.kind !== 'file') return;
    await copyFile(source, destination, constants.COPYFILE_FICLONE);
    await chmod(destination, found.mode === '755' ? 0o755 : 0o644);
  } catch (error) {
    throw asFileError(error, destination);
  }
}
