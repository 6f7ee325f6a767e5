// Records a GPU host: `node scripts/record-gpu-host.mjs FOLDER`, from a built dist/ with koffi in node_modules. Writes the
// facts, a redacted snapshot, what replaying it gives, the answer of libcuda and NVML, and how long things took.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import {
  createNodeHost,
  createSnapshotHost,
  listHostDevices,
  parseSnapshot,
  probeHost,
  recordHost,
} from '../dist/index.js';

const RUNS = 5;
const [folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error('usage: node scripts/record-gpu-host.mjs FOLDER');
  process.exit(2);
}
await mkdir(folder, { recursive: true });

const host = createNodeHost();
const write = async (name, value) =>
  writeFile(join(folder, name), `${JSON.stringify(value, undefined, 1)}\n`);

async function time(run) {
  const timesMs = [];
  for (let count = 0; count < RUNS; count += 1) {
    const startedAt = performance.now();
    await run();
    timesMs.push(Math.round((performance.now() - startedAt) * 10) / 10);
  }
  return timesMs;
}

const recording = recordHost(host);
const facts = await probeHost(recording.host);
// The recording is whole only with what is asked where the libraries cannot be loaded.
const smiQuery = 'name,driver_version,compute_cap,pci.bus_id,uuid,memory.total,memory.free';
for (const args of [
  [`--query-gpu=${smiQuery}`, '--format=csv,noheader'],
  ['-q', '-x'],
  ['-L'],
  [],
]) {
  await recording.host.run('nvidia-smi', args, { timeoutMs: 30_000 });
}
const snapshot = recording.createSnapshot();
const text = JSON.stringify(snapshot);
const replayed = await probeHost(createSnapshotHost(parseSnapshot(text)));
const redacted = await probeHost(recordHost(createSnapshotHost(snapshot)).host);
// The same host without koffi: nvidia-smi and the kernel alone.
const withoutNative = {
  ...host,
  run: async (command, args, options) =>
    command === 'llcuda-native-probe'
      ? { exitCode: undefined, isInstalled: false, stdout: '', stderr: '' }
      : host.run(command, args, options),
};

await write('facts.json', facts);
await write('facts-without-native.json', await probeHost(withoutNative));
await write('devices.json', listHostDevices(facts));
await write('snapshot.json', snapshot);
await write('native-answer.json', await host.run('llcuda-native-probe', []));
await write('timings.json', {
  node: process.version,
  isReplayStable: isDeepStrictEqual(replayed, redacted),
  replayedGpuNames: replayed.gpus.map(({ name }) => name),
  probeMs: await time(async () => probeHost(host)),
  probeWithoutNativeMs: await time(async () => probeHost(withoutNative)),
  nativeProbeMs: await time(async () => host.run('llcuda-native-probe', [])),
  nvidiaSmiMs: await time(async () => host.run('nvidia-smi', [])),
  nvidiaSmiQueryMs: await time(async () =>
    host.run('nvidia-smi', [`--query-gpu=${smiQuery}`, '--format=csv,noheader']),
  ),
  nvidiaSmiXmlMs: await time(async () => host.run('nvidia-smi', ['-q', '-x'])),
});
console.log(`Written to ${folder}: ${facts.gpus.map(({ name }) => name).join(', ') || 'no GPU'}`);
