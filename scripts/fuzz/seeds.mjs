// What is mutated: the recorded fatbins and what is in them, files built by test/fixtures, small real files of the
// system, and small GPU objects and images of the cached CUDA tools when they are there.
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import ts from 'typescript';

const fixtures = fileURLToPath(new URL('../../test/fixtures/', import.meta.url));

/** Gives `{ kind, name, bytes }`; `kind` chooses the reader. The order is the same in every run on the same files. */
export async function collectSeeds(readers, corpus) {
  const files = [...readRecordedFatbins(), ...readSystemFiles(), ...(await buildFiles())];
  if (corpus !== undefined) files.push(...readFolder(corpus));
  const seeds = files.map((file) => ({ kind: 'file', ...file }));
  for (const { name, bytes } of files) seeds.push(...(await collectPayloads(readers, name, bytes)));
  return seeds;
}

function readRecordedFatbins() {
  return ['base', 'random', 'concatenated'].flatMap((folder) =>
    readFolder(join(fixtures, 'cuda-truth', folder)),
  );
}

function readFolder(folder) {
  return readdirSync(folder)
    .toSorted()
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile() && statSync(path).size <= SEED_MAXIMUM_BYTES)
    .map((path) => ({ name: path, bytes: new Uint8Array(readFileSync(path)) }));
}

const SEED_MAXIMUM_BYTES = 128 << 10;

function readSystemFiles() {
  const paths = [
    '/bin/true',
    '/usr/lib/x86_64-linux-gnu/libdl.a',
    '/usr/lib/x86_64-linux-gnu/crt1.o',
  ];
  return paths
    .filter((path) => existsSync(path) && statSync(path).size <= SEED_MAXIMUM_BYTES)
    .map((path) => ({ name: path, bytes: new Uint8Array(readFileSync(path)) }));
}

/** The payloads of a file's images: input for the readers of cubins and PTX, and for the decompressors. */
async function collectPayloads(readers, name, bytes) {
  const source = readers.createBufferSource(bytes);
  let code;
  try {
    code = await readers.readGpuCode(source);
  } catch {
    return [];
  }
  const seeds = [];
  for (const image of code.fatbins.flatMap(({ images }) => images)) {
    const stored = bytes.slice(image.payloadOffset, image.payloadOffset + image.payloadBytes);
    const from = `${name}@${image.offset}`;
    if (image.compression !== 'none')
      seeds.push({ kind: image.compression, name: from, bytes: stored });
    try {
      const payload = await readers.readImagePayload(source, image, { maximumBytes: 1 << 24 });
      if (payload.length <= SEED_MAXIMUM_BYTES) {
        seeds.push({ kind: 'file', name: `${from}:decoded`, bytes: payload.slice() });
      }
    } catch {
      // LTO-IR: nothing to decode.
    }
  }
  return seeds;
}

/** Node 20 cannot run the fixtures' TypeScript: it is turned into JavaScript in a folder of its own. */
async function buildFiles() {
  const folder = mkdtempSync(join(tmpdir(), 'llcuda-fuzz-'));
  try {
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    const names = ['byte-writer', 'build-elf', 'build-pe', 'build-archive', 'build-cubin'];
    for (const name of [...names, 'build-fatbin', 'encode-lz4-block']) {
      const compilerOptions = {
        target: ts.ScriptTarget.ES2022,
        module: ts.ModuleKind.ESNext,
        rewriteRelativeImportExtensions: true,
        verbatimModuleSyntax: true,
      };
      const source = readFileSync(join(fixtures, `${name}.ts`), 'utf8');
      const { outputText } = ts.transpileModule(source, { compilerOptions });
      writeFileSync(join(folder, `${name}.js`), outputText);
    }
    const load = (name) => import(pathToFileURL(join(folder, `${name}.js`)).href);
    const builders = Object.assign({}, ...(await Promise.all(names.map(load))));
    return buildExamples(builders);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function buildExamples({ buildElf, buildPe, buildCoffObject, buildArchive, buildCubin }) {
  const [first, second] = readRecordedFatbins().filter(({ bytes }) => bytes.length < 8192);
  const sections = [
    { name: '.text', data: new Uint8Array(64) },
    { name: '.nv_fatbin', data: new Uint8Array([...first.bytes, ...second.bytes]) },
    { name: '__nv_relfatbin', data: second.bytes },
  ];
  const dynamic = {
    needed: ['libcudart.so.13', 'libc.so.6'],
    soname: 'libx.so',
    runpath: '$ORIGIN',
  };
  const elf = buildElf({ sections, dynamic });
  const stripped = buildElf({ sections, dynamic, isStripped: true });
  const windows = [{ name: '.nv_fatb', data: first.bytes }];
  const imports = ['cudart64_13.dll', 'KERNEL32.dll'];
  const pe = buildPe({ sections: windows, imports, delayImports: ['nvcuda.dll'] });
  const coff = buildCoffObject([{ name: '.nv_fatb', data: first.bytes }]);
  const member = { name: 'a-member-with-a-long-name.o', data: elf };
  const archives = ['gnu', 'bsd', 'msvc'].map((kind) => ({
    name: `built-${kind}.a`,
    bytes: buildArchive([member, { name: 'b.obj', data: coff }], kind),
  }));
  const cubins = [7, 8].map((abi) => ({
    name: `built-abi${abi}.cubin`,
    bytes: buildCubin({ abi, capability: 90, variant: 'a', cudaVersion: 124 }),
  }));
  return [
    { name: 'built.so', bytes: elf },
    { name: 'built-stripped.so', bytes: stripped },
    { name: 'built.dll', bytes: pe },
    ...archives,
    ...cubins,
    {
      name: 'built.ptx',
      bytes: new TextEncoder().encode(
        '//\n// Generated by NVIDIA NVVM Compiler\n//\n\n.version 8.4\n.target sm_90a, debug\n.address_size 64\n',
      ),
    },
  ];
}
