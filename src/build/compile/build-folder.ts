import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { ensureDirectory } from '../../files/ensure-directory.ts';
import { writeAtomically } from '../../files/write-atomically.ts';

const STATE_FILE = 'llcuda-build.json';

/** How far the last build in a folder came; `compiling` is left behind by one that was interrupted. */
export type FolderState = 'configured' | 'compiling' | 'compiled';

const stateSchema: v.GenericSchema<unknown, { readonly state: FolderState }> = v.object({
  schemaVersion: v.literal(1),
  state: v.picklist(['configured', 'compiling', 'compiled']),
});

/** What makes two builds the same, so that one goes on where the other stopped. */
export function createBuildKey(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}

/**
 * Prepares a folder to build in and says how far it is. What an interrupted configuration left is removed: its cache
 * holds half of the answers. ninja compiles again what it did not note as done; make takes any file for a whole one,
 * so that after an interruption it starts anew.
 */
export async function openBuildFolder(
  directory: string,
  generator: 'Ninja' | 'Unix Makefiles',
): Promise<FolderState | undefined> {
  const text = await readFile(join(directory, STATE_FILE), 'utf8').catch(() => '{}');
  const read = v.safeParse(v.pipe(v.string(), v.parseJson(), stateSchema), text);
  const state = read.success ? read.output.state : undefined;
  const isUsable = state !== undefined && (generator === 'Ninja' || state !== 'compiling');
  if (!isUsable) await rm(directory, { recursive: true, force: true });
  await ensureDirectory(directory);
  return isUsable ? state : undefined;
}

/** Notes how far a build has come. */
export async function markBuildFolder(directory: string, state: FolderState): Promise<void> {
  const text = `${JSON.stringify({ schemaVersion: 1, state })}\n`;
  await writeAtomically(join(directory, STATE_FILE), text);
}
