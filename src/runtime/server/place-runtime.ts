import { rename } from 'node:fs/promises';
import { asFileError } from '../../files/as-file-error.ts';
import { ensureDirectory } from '../../files/ensure-directory.ts';
import type { InstallContext } from './install-context.ts';
import { discardFolder } from './discard-folder.ts';
import { serverDirectory, type ServerMarker, type ServerRuntime } from './server-store.ts';

/**
 * Gives a staged runtime its name. What lies there already under it is the same runtime, damaged: it is moved away first,
 * which does not disturb a program that runs from it.
 */
export async function placeRuntime(
  staging: string,
  marker: ServerMarker,
  { store }: Pick<InstallContext, 'store'>,
): Promise<ServerRuntime> {
  const directory = serverDirectory(store, marker.name);
  await ensureDirectory(store.runtimes);
  await discardFolder(directory, store);
  try {
    await rename(staging, directory);
  } catch (error) {
    throw asFileError(error, directory);
  }
  return { ...marker, directory };
}
