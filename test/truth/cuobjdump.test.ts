import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readPe } from '../../src/binary/read-pe.ts';
import { readImagePayload } from '../../src/fatbin/read-image-payload.ts';
import { openFileSource } from '../../src/files/open-file-source.ts';
import { findCuobjdumps, listWithCuobjdump, runCuobjdump } from './ask-cuobjdump.ts';
import {
  buildGpuObject,
  buildOldFatbin,
  concatenatedSpec,
  cubinSpecs,
  objectSpecs,
  type ObjectSpec,
} from './build-gpu-objects.ts';
import { findCudaTools, findToolFile } from './find-cuda-tools.ts';
import { expectListing, listImages } from './list-with-llcuda.ts';

const tools = await findCudaTools();
const cuobjdumps = findCuobjdumps(tools);
const folder = mkdtempSync(join(tmpdir(), 'llcuda-cuobjdump-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Images that llcuda must find, counted from the facts: `undefined` where only cuobjdump says how many. */
const libraries = [
  { item: 'node-llama-cpp', file: 'libggml-cuda.so', images: 143 * 7 },
  { item: 'node-llama-cpp-fallback', file: 'libggml-cuda.so', images: 143 * 6 },
  { item: 'fugood', file: 'index.node', images: 141 * 2 },
  { item: 'cublas-13.0', file: 'libcublas.so.13', images: 1257 },
  { item: 'cublas-13.0', file: 'libcublasLt.so.13', images: 5712 },
  { item: 'cuda-13.0', file: 'libcudart.so.13', images: 0 },
  { item: 'cuda-13.0', file: 'libcudadevrt.a', images: 11 },
  { item: 'cuda-13.5', file: 'libcudadevrt.a', images: 12 },
];

describe.skipIf(cuobjdumps.length < 2)(`cuobjdump (${tools.problem ?? 'all there'})`, () => {
  describe.each(libraries.filter(({ item }) => tools.folders.has(item)))(
    'of $item $file',
    ({ item, file, images: count }) => {
      it.each(cuobjdumps)('$version lists the same images, in the same order', async (tool) => {
        const path = findToolFile(tools, item, file);

        const [images, { messages: _, ...listing }] = await Promise.all([
          listImages(path),
          listWithCuobjdump(tool, path),
        ]);

        expect(images.length).toBe(count);
        expect(listing).toEqual(expectListing(images, tool.version));
      });
    },
  );

  it.skipIf(!tools.folders.has('node-llama-cpp-windows')).each(cuobjdumps)(
    '$version lists what llcuda finds in a DLL, from the DLL’s section: it reads no PE files itself',
    async (tool) => {
      const path = findToolFile(tools, 'node-llama-cpp-windows', 'ggml-cuda.dll');
      const section = join(folder, 'nv_fatb.fatbin');
      await extractSection(path, '.nv_fatb', section);

      const [images, dll, { messages: _, ...listing }] = await Promise.all([
        listImages(path),
        listWithCuobjdump(tool, path),
        listWithCuobjdump(tool, section),
      ]);

      expect(images.length).toBe(143 * 7);
      expect(dll.messages).toContain('does not contain device code');
      expect(listing).toEqual(expectListing(images, tool.version));
    },
  );
});

const toolkits = ['cuda-13.0', 'cuda-13.5'].filter((item) => tools.folders.has(item));

describe.skipIf(cuobjdumps.length < 2 || toolkits.length === 0)('cuobjdump of new objects', () => {
  describe.each(toolkits)('of %s', (toolkit) => {
    const specs = objectSpecs.filter(({ onlyToolkit = toolkit }) => onlyToolkit === toolkit);

    it.concurrent.each(specs)('lists the same images: $name', async (spec) => {
      const path = await build(toolkit, spec);

      const images = await listImages(path);

      expect(images.length).toBeGreaterThan(0);
      for (const tool of cuobjdumps) {
        const { messages: _, ...listing } = await listWithCuobjdump(tool, path);
        expect(listing, tool.version).toEqual(expectListing(images, tool.version));
      }
    });

    it.concurrent.each(cubinSpecs)('lists the same image: $name', async (spec) => {
      const path = await build(toolkit, spec);

      const images = await listImages(path);

      expect(images.length).toBe(1);
      for (const tool of cuobjdumps) {
        const { elf } = await listWithCuobjdump(tool, path);
        expect(elf, tool.version).toEqual(expectListing(images, tool.version).elf);
      }
    });
  });

  it.skipIf(!toolkits.includes('cuda-13.5'))(
    'lists what is within concatenated entries, as 13.5 does; 12.4 cannot',
    async () => {
      const path = await build('cuda-13.5', concatenatedSpec);

      const images = await listImages(path);

      const [old, recent] = await Promise.all(
        cuobjdumps.map((tool) => listWithCuobjdump(tool, path)),
      );
      const { elf, ptx } = expectListing(images, '13.5');
      expect(recent!.elf).toEqual(elf);
      expect(recent!.ptx).toEqual(ptx);
      expect([elf.length, ptx.length]).toEqual([3, 2]);
      expect(old!.messages).toContain("Support for 'sm_0' has been removed");
    },
  );

  it.skipIf(!tools.folders.has('cuobjdump-12.4')).each(cuobjdumps)(
    '$version lists the same images: a fatbin of the toolkit 12.4',
    async (tool) => {
      const own = mkdtempSync(join(folder, 'old-'));
      const path = await buildOldFatbin(tools, own);

      const images = await listImages(path);

      const { messages: _, ...listing } = await listWithCuobjdump(tool, path);
      expect(images.length).toBe(6);
      expect(listing).toEqual(expectListing(images, tool.version, { abi: 7 }));
    },
  );
});

const extracts = [
  { item: 'node-llama-cpp', flag: '--extract-elf', compression: 'zstd', files: 11 },
  { item: 'node-llama-cpp', flag: '--extract-ptx', compression: 'zstd', files: 11 },
  { item: 'node-llama-cpp-fallback', flag: '--extract-elf', compression: 'none', files: 11 },
  { item: 'node-llama-cpp-fallback', flag: '--extract-ptx', compression: 'lz4', files: 11 },
].filter(({ item }) => tools.folders.has(item));

describe.skipIf(cuobjdumps.length < 2)('cuobjdump decodes the same bytes', () => {
  it.each(extracts)('$flag of $item, $compression', async ({ item, flag, compression, files }) => {
    const path = findToolFile(tools, item, 'libggml-cuda.so');
    const own = mkdtempSync(join(folder, 'extract-'));
    const kind = flag === '--extract-elf' ? 'sass' : 'ptx';
    const images = (await listImages(path)).filter((image) => image.kind === kind);
    await using source = await openFileSource(path);

    // Numbers 10 and 100 to 109: cuobjdump counts the images of a kind from 1.
    await runCuobjdump(cuobjdumps.at(-1)!, [flag, 'libggml-cuda.10', path], own);

    const names = readdirSync(own);
    expect(names.length).toBe(files);
    for (const name of names) {
      const image = images[Number(name.split('.')[1]) - 1]!;
      const payload = await readImagePayload(source, image, { maximumBytes: 1 << 28 });
      expect(image.compression, name).toBe(compression);
      expect(sha256(withoutNul(payload, kind)), name).toBe(sha256(readFileSync(join(own, name))));
    }
  });
});

/** PTX is kept as a C string, with its NUL; cuobjdump leaves that out. */
function withoutNul(payload: Uint8Array, kind: 'sass' | 'ptx'): Uint8Array {
  const end = kind === 'ptx' ? payload.indexOf(0) : -1;
  return end === -1 ? payload : payload.subarray(0, end);
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

async function build(toolkit: string, spec: ObjectSpec): Promise<string> {
  const own = join(folder, `${toolkit}-${spec.name}`);
  mkdirSync(own);
  return buildGpuObject(tools, toolkit, { spec, folder: own });
}

async function extractSection(path: string, name: string, target: string): Promise<void> {
  await using source = await openFileSource(path);
  const { sections } = await readPe(source);
  const section = sections.find((candidate) => candidate.name === name)!;
  writeFileSync(target, await source.read(section.offset, section.sizeBytes));
}
