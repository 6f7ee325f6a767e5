import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** NVIDIA's tools, drivers' libraries and samples, as scripts/fetch-cuda-tools.mjs keeps them. */
export interface CudaTools {
  /** The folder of each item that is there, by its name in scripts/cuda-tools/items.mjs. */
  readonly folders: ReadonlyMap<string, string>;
  /** Why some of them are missing. */
  readonly problem: string | undefined;
}

const script = fileURLToPath(new URL('../../scripts/fetch-cuda-tools.mjs', import.meta.url));
const run = promisify(execFile);

/** Finds the tools in their cache; in CI, what is missing is fetched first. */
export async function findCudaTools(): Promise<CudaTools> {
  const problem = process.env['CI'] === undefined ? undefined : await fetchMissing();
  const { stdout } = await run(process.execPath, [script, '--list']);
  const rows = stdout.trim().split('\n');
  const folders = new Map<string, string>();
  for (const row of rows) {
    const [name = '', folder = 'missing'] = row.split('\t');
    if (folder !== 'missing') folders.set(name, folder);
  }
  if (problem !== undefined || folders.size === rows.length) return { folders, problem };
  return { folders, problem: 'not fetched: run `node scripts/fetch-cuda-tools.mjs`' };
}

async function fetchMissing(): Promise<string | undefined> {
  try {
    await run(process.execPath, [script], { timeout: 900_000 });
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** A file of an item, by the end of its path; a symbolic link counts. Throws if there is none. */
export function findToolFile(tools: CudaTools, item: string, pathEnd: string): string {
  const folder = tools.folders.get(item);
  if (folder === undefined) throw new Error(`${item} is not in the cache`);
  const path = readdirSync(folder, { recursive: true, encoding: 'utf8' }).find((entry) =>
    `/${entry}`.endsWith(`/${pathEnd}`),
  );
  if (path === undefined) throw new Error(`${item} has no ${pathEnd}`);
  return join(folder, path);
}
