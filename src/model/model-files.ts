import { join } from 'node:path';
import type { Store } from '../runtime/store.ts';

/** File systems take 255 bytes; the lock and the partial file have longer names. */
const MAX_NAME_LENGTH = 200;

/** Where a verified model lies: under its SHA-256 (or another key), with the name its source gives it. */
export function modelPath(store: Store, key: string, fileName: string): string {
  const name = fileName.split(/[\\/]/).at(-1) ?? fileName;
  return join(store.models, key, name.replace(/[^\w.-]/g, '_').slice(-MAX_NAME_LENGTH));
}
