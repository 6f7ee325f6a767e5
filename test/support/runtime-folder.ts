import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { buildFatbin, type EntrySpec } from '../fixtures/build-fatbin.ts';
import { createTemporaryDirectory, type TemporaryDirectory } from './temporary-directory.ts';

export interface RuntimeSpec {
  /** What the program says of itself. @defaultValue 6000 */
  readonly build?: number;
  /** GPU code of lib/libggml-cuda.so: entries of one fatbin each. @defaultValue no such library */
  readonly fatbins?: readonly (readonly EntrySpec[])[];
  /** @defaultValue `$ORIGIN/../lib` */
  readonly runpath?: string;
  /** What the program does when it is started. @defaultValue prints its version and ends */
  readonly main?: string;
}

/**
 * The folder of a runtime as a build makes it: a real program named llama-server, linked to a real library that is found
 * by RUNPATH, and with GPU code in a real ELF section.
 */
export async function createRuntimeFolder(spec: RuntimeSpec = {}): Promise<TemporaryDirectory> {
  const folder = await createTemporaryDirectory();
  writeRuntime(folder.path, spec);
  return folder;
}

export function writeRuntime(folder: string, spec: RuntimeSpec = {}): void {
  const { build = 6000, fatbins, runpath = '$ORIGIN/../lib' } = spec;
  const main =
    spec.main ??
    `if (argc > 1 && !strcmp(argv[1], "--sleep")) { puts("ready"); fflush(stdout); sleep(600); }
     if (argc > 1 && !strcmp(argv[1], "--list-devices")) { puts("Available devices:${fatbins === undefined ? '' : '\\n  CUDA0: Tesla T4 (15095 MiB, 14992 MiB free)'}"); return 0; }
     fprintf(stderr, "version: %d (0123abc)\\nbuilt with cc (Test 1.0) for x86_64-linux-gnu\\n", llama_build());`;
  mkdirSync(join(folder, 'bin'), { recursive: true });
  mkdirSync(join(folder, 'lib'), { recursive: true });
  const source = join(folder, 'source.c');
  const library = join(folder, 'lib', 'libllama.so.0');
  writeFileSync(source, `int llama_build(void) { return ${build}; }\n`);
  cc(['-shared', '-fPIC', '-Wl,-soname,libllama.so.0', source, '-o', library]);
  symlinkSync('libllama.so.0', join(folder, 'lib', 'libllama.so'));
  writeFileSync(
    source,
    `#include <stdio.h>\n#include <string.h>\n#include <unistd.h>\nint llama_build(void);\nint main(int argc, char **argv) { ${main} return 0; }\n`,
  );
  const program = join(folder, 'bin', 'llama-server');
  cc([source, library, `-Wl,-rpath,${runpath}`, '-Wl,--enable-new-dtags', '-o', program]);
  if (fatbins !== undefined) {
    const code = join(folder, 'code.fatbin');
    writeFileSync(code, Buffer.concat(fatbins.map((entries) => buildFatbin(entries))));
    const gpu = join(folder, 'lib', 'libggml-cuda.so');
    writeFileSync(source, 'int ggml_cuda(void) { return 1; }\n');
    cc(['-shared', '-fPIC', '-Wl,-soname,libggml-cuda.so', source, '-o', gpu]);
    execFileSync(
      'objcopy',
      [
        '--add-section',
        `.nv_fatbin=${code}`,
        '--set-section-flags',
        '.nv_fatbin=alloc,readonly',
        gpu,
      ],
      { stdio: 'ignore' },
    );
    rmSync(code);
  }
  rmSync(source);
  writeFileSync(
    join(folder, 'LICENSE'),
    'MIT License\n\nPermission is hereby granted, free of charge, to any person\n',
  );
}

/** Another folder with the same files, in another order of creation and with other times. */
export async function copyRuntime(folder: string): Promise<TemporaryDirectory> {
  const copy = await createTemporaryDirectory();
  for (const name of ['lib', 'LICENSE', 'bin']) {
    await cp(join(folder, name), join(copy.path, name), {
      recursive: true,
      verbatimSymlinks: true,
      preserveTimestamps: false,
    });
  }
  execFileSync('find', [copy.path, '-exec', 'touch', '-h', '-d', '2011-11-11', '{}', '+']);
  return copy;
}

/** One fatbin with machine code for some capabilities, and PTX 8.4 for one. */
export function gpuCode(capabilities: readonly number[], ptx?: number): readonly EntrySpec[] {
  const payload = new Uint8Array(400).fill(7);
  return [
    ...capabilities.map((capability) => ({ kind: 2, capability, payload })),
    ...(ptx === undefined ? [] : [{ kind: 1, capability: ptx, major: 8, minor: 4, payload }]),
  ];
}

function cc(args: readonly string[]): void {
  execFileSync('cc', ['-O1', ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
}
