import { readFile } from 'node:fs/promises';
import { createSnapshotHost } from '../../src/host/snapshot/create-snapshot-host.ts';
import { parseSnapshot } from '../../src/host/snapshot/parse-snapshot.ts';
import type { Host } from '../../src/host/host.ts';

/** Names of test/fixtures/hosts; scripts/compose-host-fixtures.mjs writes them. */
export const hostNames = [
  'h100-driver-580',
  'colab-t4-550',
  'colab-t4-580',
  'kaggle-2xt4',
  'wsl2',
  'laptop-940m-470',
  'geforce-compat-804',
  'container-no-ptx-compiler',
  'no-gpu',
  'two-gpus',
  'mig',
  'dgx-spark',
  'jetson-orin',
  'nouveau',
  'driver-mismatch-803',
] as const;

export type HostName = (typeof hostNames)[number];

export async function readHostFixture(name: HostName): Promise<string> {
  return readFile(new URL(`../fixtures/hosts/${name}.json`, import.meta.url), 'utf8');
}

/** A host of the fixtures, replayed. */
export async function loadHost(name: HostName): Promise<Host> {
  return createSnapshotHost(parseSnapshot(await readHostFixture(name)));
}
