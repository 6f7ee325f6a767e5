import { join } from 'node:path';
import { LlcudaError } from '../../errors/llcuda-error.ts';
import { measureFile } from '../../files/measure-file.ts';
import { downloadFile } from '../../net/download-file.ts';
import { isRemoteLocation, resolveBeside } from '../index/read-index.ts';
import type { InstallContext } from './install-context.ts';
import type { JudgedBundle } from './plan-install.ts';

/** Gives the archive of a bundle with the size and hash that the index states. One from a server is fetched, or fetched on. */
export async function fetchBundle(
  { bundle, index }: JudgedBundle,
  { host, fetch, store, signal, onProgress }: InstallContext,
): Promise<{ readonly path: string; readonly isTemporary: boolean }> {
  const { file, sizeBytes: expectedBytes, sha256: expectedSha256 } = bundle;
  const address = resolveBeside(index.location, file, host);
  if (isRemoteLocation(index.location)) {
    const destination = join(store.root, 'downloads', expectedSha256, file);
    const request = { url: address, destination, label: file, expectedBytes, expectedSha256 };
    if (!(await isRight(destination, bundle, signal))) {
      await downloadFile(request, { fetch, signal, onProgress });
    }
    return { path: destination, isTemporary: true };
  }
  if (await isRight(address, bundle, signal)) return { path: address, isTemporary: false };
  throw new LlcudaError('DOWNLOAD_MISMATCH', `${address} is not the file that the index states`, {
    detail: { url: address, expectedBytes, expectedSha256 },
    hint: 'Run `llcuda index check` on the folder.',
  });
}

async function isRight(
  path: string,
  { sizeBytes, sha256 }: JudgedBundle['bundle'],
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const found = await measureFile(path, { signal }).catch((error: unknown) => {
    if (LlcudaError.is(error, 'SOURCE_UNREADABLE')) return undefined;
    throw error;
  });
  return found?.sizeBytes === sizeBytes && found.sha256 === sha256;
}
