// Brings the CUDA tools, drivers' libraries and GPU libraries that the tests compare llcuda with into a cache folder:
// ~/.cache/llcuda-ci/cuda, or cuda/ in LLCUDA_CI_CACHE. Only what is missing is fetched.
//   node scripts/fetch-cuda-tools.mjs [--only NAME]... [--list]
import { parseArgs } from 'node:util';
import { findCacheFolder, findItem, storeItem } from './cuda-tools/cache.mjs';
import { fetchDebian } from './cuda-tools/fetch-debian.mjs';
import { fetchNpm } from './cuda-tools/fetch-npm.mjs';
import { fetchPypi } from './cuda-tools/fetch-pypi.mjs';
import { items } from './cuda-tools/items.mjs';

const fetchers = { debian: fetchDebian, npm: fetchNpm, pypi: fetchPypi };
const registries = { debian: "Debian's mirror", npm: 'the npm registry', pypi: 'PyPI' };

const { values } = parseArgs({
  options: { only: { type: 'string', multiple: true }, list: { type: 'boolean' } },
});
const unknown = values.only?.find((name) => !items.some((item) => item.name === name));
if (unknown !== undefined) {
  console.error(`There is no ${unknown}. There are: ${items.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}
const wanted = items.filter(({ name }) => values.only?.includes(name) ?? true);

if (values.list) {
  for (const item of wanted) console.log(`${item.name}\t${findItem(item)?.path ?? 'missing'}`);
} else {
  console.log(`CUDA tools: ${findCacheFolder()}`);
  const failed = [];
  for (const item of wanted) if (!(await fetchItem(item))) failed.push(item);
  if (failed.some(({ isOptional }) => !isOptional)) process.exitCode = 1;
}

async function fetchItem(item) {
  if (findItem(item) !== undefined) {
    console.log(`have  ${item.name}`);
    return true;
  }
  const startedAt = performance.now();
  try {
    const { packages } = await storeItem(item, (content, staging) =>
      fetchers[item.from](item, content, staging),
    );
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    const versions = packages.map(({ name, version }) => `${name} ${version}`).join(', ');
    console.log(`ok    ${item.name} (${seconds} s): ${versions}`);
    return true;
  } catch (error) {
    const what = item.isOptional ? 'skip  ' : 'FAIL  ';
    console.error(`${what}${item.name}: could not be fetched from ${registries[item.from]}`);
    console.error(`  ${error.message}`);
    return false;
  }
}
