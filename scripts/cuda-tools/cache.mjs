// The cache of tools: FOLDER/ITEM/PACKAGES-HASH/, and FOLDER/ITEM/current.json that names the one in use. An item is
// staged, then renamed, so that what is found is whole; it is found again while its recipe is the same.
import { createHash } from 'node:crypto';
import {
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** Where the tools are: `LLCUDA_CI_CACHE`/cuda, else ~/.cache/llcuda-ci/cuda. */
export function findCacheFolder() {
  const root = process.env.LLCUDA_CI_CACHE ?? join(homedir(), '.cache', 'llcuda-ci');
  return join(root, 'cuda');
}

/** The folder of an item that was fetched whole, by this recipe. */
export function findItem(item) {
  const folder = join(findCacheFolder(), item.name);
  try {
    const current = JSON.parse(readFileSync(join(folder, 'current.json'), 'utf8'));
    const path = join(folder, current.key);
    return current.recipe === hashRecipe(item) && existsSync(path)
      ? { ...current, path }
      : undefined;
  } catch (error) {
    // Unreadable is as good as absent: it is fetched again.
    if (error.code === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Runs `fill(folder, staging)`, which gives the packages it took, and makes `folder` the item's content. */
export async function storeItem(item, fill) {
  const itemFolder = join(findCacheFolder(), item.name);
  mkdirSync(itemFolder, { recursive: true });
  removeAbandoned(itemFolder);
  const staging = mkdtempSync(join(itemFolder, '.staging-'));
  try {
    const content = join(staging, 'content');
    mkdirSync(content);
    const packages = await fill(content, staging);
    const key = createKey(packages);
    rmSync(join(itemFolder, key), { recursive: true, force: true });
    renameSync(content, join(itemFolder, key));
    const current = { recipe: hashRecipe(item), key, packages };
    writeFileSync(join(staging, 'current.json'), `${JSON.stringify(current, undefined, 2)}\n`);
    renameSync(join(staging, 'current.json'), join(itemFolder, 'current.json'));
    for (const old of readdirSync(itemFolder)) {
      if (old !== key && old !== 'current.json' && !old.startsWith('.staging-')) {
        rmSync(join(itemFolder, old), { recursive: true, force: true });
      }
    }
    return findItem(item);
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

/** What a run that was killed left behind. A younger folder may be another run's. */
function removeAbandoned(itemFolder) {
  for (const name of readdirSync(itemFolder).filter((entry) => entry.startsWith('.staging-'))) {
    const path = join(itemFolder, name);
    const ageMs = Date.now() - statSync(path).mtimeMs;
    if (ageMs > ABANDONED_AFTER_MS) rmSync(path, { recursive: true, force: true });
  }
}

const ABANDONED_AFTER_MS = 3_600_000;

/** Checks a file against a pin, when there is one, and gives its SHA-256. */
export async function hashFile(path, { sha256, integrity } = {}) {
  const hashes = { sha256: createHash('sha256'), sha512: createHash('sha512') };
  await pipeline(createReadStream(path), async (chunks) => {
    for await (const chunk of chunks) {
      hashes.sha256.update(chunk);
      if (integrity !== undefined) hashes.sha512.update(chunk);
    }
  });
  const found = hashes.sha256.digest('hex');
  if (sha256 !== undefined && found !== sha256) {
    throw new Error(`${path} has SHA-256 ${found}, not ${sha256}`);
  }
  if (integrity !== undefined && `sha512-${hashes.sha512.digest('base64')}` !== integrity) {
    throw new Error(`${path} is not what ${integrity} says`);
  }
  return found;
}

/** Name, version and hash of a single package; of several, a hash over all of them. */
function createKey(packages) {
  const lines = packages.map(({ name, version, sha256 }) => `${name}_${version}_${sha256}`);
  const [only] = packages;
  const hash = createHash('sha256').update(lines.join('\n')).digest('hex').slice(0, 16);
  const key =
    packages.length === 1 ? `${only.name}_${only.version}_${only.sha256.slice(0, 16)}` : hash;
  return key.replaceAll(/[^\w.+~-]/g, '-');
}

function hashRecipe(item) {
  return createHash('sha256').update(JSON.stringify(item)).digest('hex');
}
