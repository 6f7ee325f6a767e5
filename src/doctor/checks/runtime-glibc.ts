import type { Check } from '../check.ts';
import { compareDotted } from '../compare-dotted.ts';

export const runtimeGlibcCheck: Check = {
  id: 'runtime-glibc',
  title: 'C and C++ library that llama-server needs',
  group: 'runtimes',
  needs: ['linux', 'server'],
  run: ({ facts: { runtimes, cLibrary } }) => {
    const binaries = runtimes.flatMap((runtime) => runtime.binaries);
    const needs = binaries.flatMap(({ path, evidence }) => [
      { path, name: 'GLIBC', wanted: evidence?.libraries.glibc, found: cLibrary.version },
      { path, name: 'GLIBCXX', wanted: evidence?.libraries.glibcxx, found: cLibrary.glibcxx },
    ]);
    if (
      cLibrary.kind === 'musl' &&
      binaries.some(({ evidence }) => evidence?.libraries.glibc !== undefined)
    ) {
      return {
        status: 'fail',
        summary: 'It is made for glibc, and this system has musl.',
        fix: 'Build it here, or use an image with glibc, such as Debian or Ubuntu.',
      };
    }
    const lacking = needs.find(
      ({ wanted, found }) =>
        wanted !== undefined && found !== undefined && compareDotted(wanted, found) > 0,
    );
    if (lacking === undefined) {
      const highest = needs
        .flatMap(({ name, wanted }) => (name === 'GLIBC' && wanted !== undefined ? [wanted] : []))
        .toSorted(compareDotted)
        .at(-1);
      return highest === undefined || cLibrary.version === undefined
        ? { status: 'skip', summary: 'Nothing tells what it needs, or what is here.' }
        : { status: 'ok', summary: `It needs glibc ${highest}, and ${cLibrary.version} is here.` };
    }
    return {
      status: 'fail',
      summary: `${lacking.path} needs ${lacking.name}_${lacking.wanted}, and this system has ${lacking.found}.`,
      fix: 'Build it on this system, or run it in a container of a newer one.',
      commands: ['cmake -B build -DGGML_CUDA=ON && cmake --build build --config Release'],
    };
  },
};
