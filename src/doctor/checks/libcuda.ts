import type { Check, CheckOutcome } from '../check.ts';
import type { CheckContext } from '../check-context.ts';
import { createExport, describeCopies } from '../check-library-family.ts';
import { findFolder, findLibrary } from '../find-library.ts';
import { quote } from '../describe-llama-build.ts';

export const libcudaCheck: Check = {
  id: 'libcuda',
  title: 'libcuda, the user side of the driver',
  group: 'cuda',
  needs: ['linux', 'driver'],
  stopsGpu: true,
  run: (context) => {
    const library = findLibrary(context.facts, 'libcuda.so.1');
    const { copies, loaded } = library;
    const detail = describeCopies(library);
    if (loaded === undefined) return describeMissing(context, detail);
    const stubs = copies.filter(({ kind }) => kind === 'stub').length;
    const number = copies.length - stubs;
    const count = `${number === 1 ? 'One copy' : `${number} copies`}${stubs > 0 ? ' and a stub' : ''}`;
    const usable = copies.filter(({ kind }) => kind === 'normal');
    const versions = new Set(usable.flatMap(({ version }) => version ?? []));
    const summary = `${count}; ${loaded.realPath} loads.`;
    if (loaded.kind === 'normal' && versions.size > 1) {
      return {
        status: 'warn',
        summary: `${summary} They are of different drivers: ${[...versions].join(', ')}.`,
        detail,
        fix: 'Remove the copies that are not of the driver that is loaded.',
        commands: usable
          .filter((copy) => copy !== loaded)
          .slice(0, 3)
          .map(({ realPath }) => `dpkg -S ${quote(realPath)} || rpm -qf ${quote(realPath)}`),
      };
    }
    return { status: 'ok', summary, detail };
  },
};

function describeMissing({ facts }: CheckContext, detail: readonly string[]): CheckOutcome {
  const { copies } = findLibrary(facts, 'libcuda.so.1');
  const copy = copies.find(({ kind }) => kind === 'normal');
  if (copy !== undefined) {
    return {
      status: 'fail',
      summary: `The loader does not find libcuda.so.1; it is in ${findFolder(copy)}.`,
      detail,
      fix: 'Add its folder to the library path.',
      commands: [createExport(findFolder(copy))],
    };
  }
  const summary = 'The loader does not find libcuda.so.1: no program can use the GPU.';
  if (facts.platform.container !== undefined) {
    return {
      status: 'fail',
      summary,
      detail,
      fix: 'Start the container with the compute part of the driver.',
      commands: ['docker run --gpus all -e NVIDIA_DRIVER_CAPABILITIES=compute,utility IMAGE'],
    };
  }
  const branch = facts.driver.version?.split('.')[0];
  return {
    status: 'fail',
    summary,
    detail,
    fix: 'Install the compute libraries of the driver that is loaded.',
    commands: [
      branch !== undefined && facts.platform.osId === 'ubuntu'
        ? `sudo apt-get install -y libnvidia-compute-${branch}`
        : 'ldconfig -p | grep libcuda.so',
    ],
  };
}
