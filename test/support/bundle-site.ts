import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { addToIndex } from '../../src/runtime/index/edit-index.ts';
import { signIndex } from '../../src/runtime/index/sign-index.ts';
import { createKeyPair } from '../../src/runtime/index/signing-keys.ts';
import { packRuntime } from '../../src/runtime/pack/pack-runtime.ts';
import { writeRuntime, type RuntimeSpec } from './runtime-folder.ts';
import { createTemporaryDirectory } from './temporary-directory.ts';

export interface BundleSite extends AsyncDisposable {
  readonly root: string;
  /** The folder of the index. */
  readonly folder: string;
  readonly publicKey: string;
  readonly keyPath: string;
  /** The archives, in the order of the specs. */
  readonly archives: readonly string[];
}

/** A folder with packed runtimes and a signed index, the first spec first in it. */
export async function createBundleSite(
  specs: Readonly<Record<string, RuntimeSpec>>,
): Promise<BundleSite> {
  const root = await createTemporaryDirectory();
  const folder = join(root.path, 'public');
  const keyPath = join(root.path, 'key.pem');
  const { privateKey, publicKey } = createKeyPair();
  await writeFile(keyPath, privateKey);
  await mkdir(folder);
  const archives: string[] = [];
  for (const [name, spec] of Object.entries(specs)) {
    writeRuntime(join(root.path, name), spec);
    const output = join(folder, `${name}.tar.gz`);
    await packRuntime(join(root.path, name), { output });
    archives.push(output);
  }
  await addToIndex(folder, archives);
  await signIndex(folder, { keyPath, validDays: 30 });
  return {
    root: root.path,
    folder,
    publicKey,
    keyPath,
    archives,
    [Symbol.asyncDispose]: async () => root[Symbol.asyncDispose](),
  };
}
