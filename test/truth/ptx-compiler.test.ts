import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isCapabilityKnown } from '../../src/compat/find-capability-support.ts';
import { findCudaVersion } from '../../src/compat/find-cuda-version.ts';
import { findPtxIsa } from '../../src/compat/find-ptx-isa.ts';
import { toolkitTable } from '../../src/compat/toolkit-table.ts';
import type { CudaVersion } from '../../src/units/cuda-version.ts';
import { parseDriverVersion } from '../../src/units/driver-version.ts';
import {
  comparePtxIsaVersions,
  formatPtxIsaVersion,
  parsePtxIsaVersion,
} from '../../src/units/ptx-isa-version.ts';
import { readGpuCode } from '../../src/fatbin/read-gpu-code.ts';
import { readImagePayload } from '../../src/fatbin/read-image-payload.ts';
import { askDriver, findDrivers, type DriverLibraries, type PtxAnswer } from './ask-driver.ts';
import { findCudaTools, findToolFile } from './find-cuda-tools.ts';
import { openFileSource, type FileSource } from '../../src/files/open-file-source.ts';

const tools = await findCudaTools();
const drivers = findDrivers(tools);

const allIsas = [...new Set(toolkitTable.map(({ ptxIsa }) => formatPtxIsaVersion(ptxIsa)))];

describe.skipIf(drivers.length < 3)(
  `drivers' own compilers (${tools.problem ?? 'all there'})`,
  () => {
    it('are those of three branches at least', () => {
      const branches = drivers.map(({ version }) => version.split('.')[0]);

      expect(branches).toEqual(expect.arrayContaining(['470', '535', '550']));
    });

    it.each(drivers)('report the CUDA version of their row: $version', async (driver) => {
      const { cuda } = await askDriver(driver, []);

      expect({ major: Math.floor(cuda / 1000), minor: (cuda % 1000) / 10 }).toEqual(cudaOf(driver));
    });

    it.each(drivers)(
      'take exactly the PTX that the rules say on a T4: $version',
      async (driver) => {
        const questions = allIsas.map((isa) => ({ ptx: ptx(isa, '75'), gpu: 'sm_75' }));

        const { answers } = await askDriver(driver, questions);

        expect(answers.map(describeAnswer)).toEqual(expectAnswers(driver, allIsas));
      },
    );

    it.each(drivers)('draw the line at the same PTX on every GPU: $version', async (driver) => {
      const known = [60, 61, 70, 80, 86, 89, 90].filter((capability) =>
        isCapabilityKnown(capability, cudaOf(driver)),
      );
      const last = allIsas.indexOf(formatPtxIsaVersion(findPtxIsa(cudaOf(driver))!));
      const isas = allIsas.slice(last, last + 2);
      // PTX for sm_50 is older than every version of the table, so only `.version` can be at fault.
      const questions = known.flatMap((capability) =>
        isas.map((isa) => ({ ptx: ptx(isa, '50'), gpu: `sm_${capability}` })),
      );

      const { answers } = await askDriver(driver, questions);

      expect(answers.map(describeAnswer)).toEqual(known.flatMap(() => expectAnswers(driver, isas)));
    });

    it.each(drivers)('know the GPUs that the table says: $version', async (driver) => {
      // Without Tegra, which later desktop drivers leave out.
      const capabilities = [50, 52, 60, 61, 70, 75, 80, 86, 89, 90, 100, 103, 120, 121];
      const questions = capabilities.map((capability) => ({
        ptx: ptx('6.4', '30'),
        gpu: `sm_${capability}`,
      }));

      const { answers } = await askDriver(driver, questions);

      expect(capabilities.filter((_, index) => answers[index]!.status === 0)).toEqual(
        capabilities.filter((capability) => isCapabilityKnown(capability, cudaOf(driver))),
      );
    });
  },
);

const samples = [
  { item: 'node-llama-cpp', file: 'libggml-cuda.so' },
  { item: 'node-llama-cpp-fallback', file: 'libggml-cuda.so' },
  { item: 'fugood', file: 'index.node' },
].filter(({ item }) => tools.folders.has(item));

describe.skipIf(drivers.length < 3 || samples.length === 0)('real PTX on real compilers', () => {
  describe.each(samples)('of $item', ({ item, file }) => {
    let source: FileSource;
    beforeAll(async () => {
      source = await openFileSource(findToolFile(tools, item, file));
    });
    afterAll(() => source[Symbol.asyncDispose]());

    it.for(drivers)('is taken when the rules say so: $version', async (driver, { skip }) => {
      const { fatbins } = await readGpuCode(source);
      const all = fatbins.flatMap(({ images }) => images).filter(({ kind }) => kind === 'ptx');
      const known = all.filter(({ target }) =>
        isCapabilityKnown(target.capability, cudaOf(driver)),
      );
      const [image] = known.toSorted((left, right) => left.payloadBytes - right.payloadBytes);
      if (image?.ptxIsa === undefined) {
        skip('it has no PTX for GPUs that old');
        return;
      }
      const payload = await readImagePayload(source, image, { maximumBytes: 1 << 24 });
      const text = new TextDecoder().decode(payload).replace(/\0+$/, '');

      const gpu = `sm_${Math.max(image.target.capability, 75)}`;
      const { answers } = await askDriver(driver, [{ ptx: text, gpu }]);

      const limit = findPtxIsa(cudaOf(driver))!;
      const isTaken = comparePtxIsaVersions(image.ptxIsa, limit) <= 0;
      expect(answers.map(describeAnswer)).toEqual([isTaken ? 'taken' : 'unsupported version']);
    });
  });
});

const toolkits = [
  { item: 'cuobjdump-12.4', cuda: { major: 12, minor: 4 } },
  { item: 'cuda-13.0', cuda: { major: 13, minor: 0 } },
  { item: 'cuda-13.5', cuda: { major: 13, minor: 5 } },
].filter(({ item }) => tools.folders.has(item));

describe.skipIf(toolkits.length === 0)('toolkits', () => {
  const folder = mkdtempSync(join(tmpdir(), 'llcuda-ptxas-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(toolkits)('stop at the PTX of their row: $item', async ({ item, cuda }) => {
    const path = join(folder, 'future.ptx');
    writeFileSync(path, ptx('99.0', '75'));

    const ptxas = promisify(execFile)(findToolFile(tools, item, 'ptxas'), [
      path,
      '-o',
      '/dev/null',
    ]);

    const isa = formatPtxIsaVersion(findPtxIsa(cuda)!);
    await expect(ptxas).rejects.toThrow(`Unsupported .version 99.0; current version is '${isa}'`);
  });
});

function cudaOf({ version }: DriverLibraries): CudaVersion {
  return findCudaVersion(parseDriverVersion(version)!)!;
}

function expectAnswers(driver: DriverLibraries, isas: readonly string[]): string[] {
  const limit = findPtxIsa(cudaOf(driver))!;
  return isas.map((isa) =>
    comparePtxIsaVersions(parsePtxIsaVersion(isa)!, limit) <= 0 ? 'taken' : 'unsupported version',
  );
}

/** By the text: the number for it, 7, is younger than the driver 418. */
function describeAnswer({ status, log }: PtxAnswer): string {
  if (status === 0) return 'taken';
  return log.includes('Unsupported .version') ? 'unsupported version' : `${status}: ${log}`;
}

function ptx(isa: string, capability: string): string {
  const target = `.version ${isa}\n.target sm_${capability}\n.address_size 64\n`;
  return `${target}.visible .entry kernel() { ret; }\n`;
}
