import { createNodeHost } from '../../src/host/create-node-host.ts';
import type { Host } from '../../src/host/host.ts';
import { smiLine } from './smi-output.ts';

/** This machine with a store of its own, as if nvidia-smi answered with these GPUs and drivers: `Tesla T4, 550.54.15, 7.5`. */
export function gpuHost(
  store: string,
  gpus: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Host {
  const real = createNodeHost();
  return {
    ...real,
    env: { ...process.env, no_proxy: '127.0.0.1', LLCUDA_HOME: store, LLCUDA_CONFIG: '', ...env },
    // No GPU of the machine that runs the tests either.
    list: async (path) => (/nvidia|pci/.test(path) ? [] : real.list(path)),
    async run(command, args, options) {
      if (!command.endsWith('nvidia-smi')) return real.run(command, args, options);
      const isFound = gpus.length > 0;
      return {
        exitCode: isFound ? 0 : undefined,
        isInstalled: isFound,
        stdout: gpus.map((line, index) => `${createLine(line, index)}\n`).join(''),
        stderr: '',
      };
    },
  };
}

function createLine(line: string, index: number): string {
  const [name = '', driver = '', capability = ''] = line.split(', ');
  return smiLine({
    name,
    driver,
    capability,
    address: `00000000:0${index}:00.0`,
    uuid: `GPU-${index}`,
  });
}
