// Writes test/fixtures/hosts/*.json: hosts composed from documented output, and the H100 host from what was recorded on it.
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { composeSnapshot } from './host-fixtures/compose.mjs';
import { composeH100 } from './host-fixtures/h100.mjs';
import { commonHosts } from './host-fixtures/common-hosts.mjs';
import { specialHosts } from './host-fixtures/special-hosts.mjs';

const folder = fileURLToPath(new URL('../test/fixtures/hosts/', import.meta.url));

async function write(name, snapshot) {
  await writeFile(`${folder}${name}.json`, `${JSON.stringify(snapshot, undefined, 1)}\n`);
}

for (const [name, host] of Object.entries({ ...commonHosts, ...specialHosts }))
  await write(name, composeSnapshot(host));
const readRecorded = async (name) => readFile(`${folder}h100-driver-580/${name}`, 'utf8');
await write('h100-driver-580', composeSnapshot(await composeH100(readRecorded)));
