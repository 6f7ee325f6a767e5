import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chooseToolkit } from '../../src/build/toolchain/choose-toolkit.ts';
import { findCmake, findGenerator } from '../../src/build/toolchain/find-build-tools.ts';
import { findHostCompiler } from '../../src/build/toolchain/find-host-compiler.ts';
import { findToolkits } from '../../src/build/toolchain/find-toolkits.ts';
import {
  compilerLimits,
  findCompilerLimits,
  parseCompilerLimits,
} from '../../src/build/toolchain/host-compiler-limits.ts';
import type { FoundToolkit } from '../../src/build/toolchain/toolchain.ts';
import { createNodeHost } from '../../src/host/create-node-host.ts';
import type { Host } from '../../src/host/host.ts';
import { compareCudaVersions } from '../../src/units/cuda-version.ts';
import {
  createTemporaryDirectory,
  type TemporaryDirectory,
} from '../support/temporary-directory.ts';

let directory: TemporaryDirectory;
beforeEach(async () => (directory = await createTemporaryDirectory()));
afterEach(async () => directory[Symbol.asyncDispose]());

/** A small real program that prints a text. */
async function addProgram(path: string, prints: string): Promise<void> {
  const file = join(directory.path, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `#!/bin/sh\ncat <<'TEXT'\n${prints}\nTEXT\n`);
  await chmod(file, 0o755);
}

async function addToolkit(folder: string, release: string): Promise<void> {
  const [major, minor] = release.split('.');
  await addProgram(
    `${folder}/bin/nvcc`,
    `nvcc: NVIDIA (R) Cuda compiler driver\nCuda compilation tools, release ${major}.${minor}, V${release}`,
  );
}

/** This machine with nothing on PATH but folders of the test, and `cat`. */
function hostWith(folders: readonly string[], env: Readonly<Record<string, string>> = {}): Host {
  const own = folders.map((folder) => join(directory.path, folder));
  const node = createNodeHost();
  // Programs are run by their path: what is installed on this machine stays out of it.
  return {
    ...node,
    env: { PATH: own.join(delimiter), ...env },
    list: async (path) => (path.startsWith(directory.path) ? node.list(path) : []),
    run: async (command, args, options) => {
      const names = await Promise.all(own.map(async (folder) => node.list(folder)));
      const at = names.findIndex((list) => list.includes(command));
      const path = command.includes('/') ? command : join(own[at] ?? directory.path, command);
      return node.run(path, args, options);
    },
  };
}

const toolkit12 = (root: string): FoundToolkit => ({
  root,
  nvcc: `${root}/bin/nvcc`,
  version: { major: 12, minor: 4 },
  release: '12.4.131',
});

describe('chooseToolkit', () => {
  it('finds every nvcc once, and takes the first unless told otherwise', async () => {
    await addToolkit('a', '12.4.131');
    await addToolkit('b', '13.0.88');
    await addToolkit('c', '12.4.131');
    const host = hostWith(['b/bin', 'c/bin'], { CUDA_HOME: join(directory.path, 'a') });

    const found = await findToolkits(host);

    expect(found.map(({ release }) => release)).toEqual(['12.4.131', '13.0.88']);
    await expect(chooseToolkit(host)).resolves.toMatchObject({ toolkit: { release: '12.4.131' } });
    await expect(chooseToolkit(host, { toolkit: '13' })).resolves.toMatchObject({
      toolkit: { root: join(directory.path, 'b') },
    });
    await expect(
      chooseToolkit(host, { toolkit: join(directory.path, 'c') }),
    ).resolves.toMatchObject({ toolkit: { release: '12.4.131' } });
  });

  it('passes over an nvcc that does not answer', async () => {
    await addProgram('broken/nvcc', 'cicc not found');
    await addToolkit('good', '12.8.93');

    const found = await findToolkits(hostWith(['broken', 'good/bin']));

    expect(found.map(({ release }) => release)).toEqual(['12.8.93']);
  });

  it('says what to install, and what there is', async () => {
    await addToolkit('a', '12.4.131');

    await expect(chooseToolkit(hostWith([]))).rejects.toMatchObject({
      code: 'TOOLCHAIN_UNUSABLE',
      detail: { tool: 'nvcc', problem: 'missing' },
      hint: expect.stringContaining('apt install nvidia-cuda-toolkit'),
    });
    await expect(chooseToolkit(hostWith(['a/bin']), { toolkit: '11.8' })).rejects.toMatchObject({
      code: 'TOOLCHAIN_UNUSABLE',
      message: 'No CUDA toolkit 11.8 was found',
      hint: expect.stringContaining('12.4.131'),
    });
    await expect(chooseToolkit(hostWith([]), { toolkit: '/nowhere' })).rejects.toMatchObject({
      code: 'TOOLCHAIN_UNUSABLE',
    });
  });
});

describe('findCmake and findGenerator', () => {
  it('takes a cmake that is new enough, and says so of one that is not', async () => {
    await addProgram('tools/cmake', 'cmake version 3.16.3');
    const host = hostWith(['tools']);

    await expect(findCmake(host, '3.14')).resolves.toMatchObject({ version: '3.16.3' });
    await expect(findCmake(host, '3.18')).rejects.toMatchObject({
      code: 'TOOLCHAIN_UNUSABLE',
      detail: { tool: 'cmake', problem: 'too-old', found: '3.16.3', required: '3.18' },
      hint: expect.stringContaining('pip install --upgrade cmake'),
    });
    await expect(findCmake(hostWith([]), '3.18')).rejects.toMatchObject({
      detail: { tool: 'cmake', problem: 'missing' },
      hint: expect.stringContaining('apt install cmake'),
    });
  });

  it('prefers ninja to make, and asks for it where there is neither', async () => {
    await addProgram('make/make', 'GNU Make 4.3');
    await addProgram('ninja/ninja', '1.11.1');

    await expect(findGenerator(hostWith(['make', 'ninja']))).resolves.toMatchObject({
      name: 'Ninja',
    });
    await expect(findGenerator(hostWith(['make']))).resolves.toMatchObject({
      name: 'Unix Makefiles',
      version: '4.3',
    });
    await expect(findGenerator(hostWith([]))).rejects.toMatchObject({
      hint: expect.stringContaining('apt install ninja-build'),
    });
  });
});

describe('findHostCompiler', () => {
  it('passes over a compiler that nvcc refuses, for one that it takes', async () => {
    await addProgram('bin/g++', 'g++ (Debian 14.2.0-8) 14.2.0');
    await addProgram('bin/g++-13', 'g++-13 (Debian 13.3.0-6) 13.3.0');

    const found = await findHostCompiler(hostWith(['bin']), toolkit12(directory.path));

    expect(found).toEqual({ kind: 'gcc', cxx: 'g++-13', c: 'gcc-13', version: '13.3.0' });
    await expect(findHostCompiler(hostWith(['bin']), undefined)).resolves.toMatchObject({
      cxx: 'g++',
    });
  });

  it('asks the header of the toolkit before its own table', async () => {
    await addProgram('bin/g++', 'g++ (GCC) 14.2.0');
    await mkdir(join(directory.path, 'cuda/include/crt'), { recursive: true });
    await writeFile(join(directory.path, 'cuda/include/crt/host_config.h'), '#if __GNUC__ > 14\n');
    const toolkit = toolkit12(join(directory.path, 'cuda'));

    await expect(findHostCompiler(hostWith(['bin']), toolkit)).resolves.toMatchObject({
      version: '14.2.0',
    });
  });

  it('says what nvcc refuses, what is too old, and what is missing', async () => {
    await addProgram('new/g++', 'g++ (GCC) 15.1.0');
    await addProgram('old/g++', 'g++ (GCC) 7.5.0');

    await expect(
      findHostCompiler(hostWith(['new']), toolkit12(directory.path)),
    ).rejects.toMatchObject({
      code: 'TOOLCHAIN_UNUSABLE',
      message: expect.stringContaining('nvcc 12.4.131 refuses this host compiler: g++ 15.1.0'),
      detail: { problem: 'refused', required: 'gcc up to 13, clang up to 17' },
      hint: expect.stringContaining('apt install g++-13'),
    });
    await expect(findHostCompiler(hostWith(['old']), undefined)).rejects.toMatchObject({
      detail: { problem: 'too-old' },
    });
    await expect(findHostCompiler(hostWith([]), undefined)).rejects.toMatchObject({
      detail: { tool: 'g++', problem: 'missing' },
      hint: expect.stringContaining('apt install g++'),
    });
  });

  it('knows clang, and takes the one that was asked for', async () => {
    await addProgram('bin/clang++-16', 'Debian clang version 16.0.6 (27)');
    const host = hostWith(['bin'], { CXX: 'clang++-16' });

    await expect(findHostCompiler(host, toolkit12(directory.path))).resolves.toEqual({
      kind: 'clang',
      cxx: 'clang++-16',
      c: 'clang-16',
      version: '16.0.6',
    });
  });
});

describe('compilerLimits', () => {
  it('never takes less with a newer toolkit', () => {
    for (const [index, row] of compilerLimits.entries()) {
      const before = compilerLimits[index - 1];
      if (before === undefined) continue;
      expect(compareCudaVersions(before.first, row.first)).toBeLessThan(0);
      expect(row.gcc).toBeGreaterThanOrEqual(before.gcc);
      expect(row.clang).toBeGreaterThanOrEqual(before.clang);
    }
  });

  it('reads what a header says, and nothing out of others', () => {
    const header = `#if __GNUC__ > 15\n#error -- unsupported clang version! clang version must be less than 21 and greater than 3.2`;

    expect(parseCompilerLimits(header)).toEqual({ gcc: 15, clang: 20 });
    expect(parseCompilerLimits('int main() {}')).toBeUndefined();
    expect(findCompilerLimits({ major: 13, minor: 0 })).toMatchObject({ gcc: 15, clang: 20 });
  });
});
