import { LlcudaError } from '../../errors/llcuda-error.ts';
import { formatBytes } from '../../units/format-bytes.ts';
import { defineCommand, type AnyCommand } from '../command.ts';

export const packCommand: AnyCommand = defineCommand({
  name: 'pack',
  summary: 'make a bundle of a folder with a llama-server, the same bytes each time',
  arguments: [
    {
      name: 'folder',
      summary: 'with bin/llama-server and lib/, or a flat one such as build/bin',
      isRequired: true,
    },
  ],
  flags: {
    output: {
      type: 'string',
      short: 'o',
      placeholder: 'file',
      summary: 'FILE.tar.gz; the bill of materials goes beside it as .cdx.json',
    },
    withCuda: { type: 'boolean', summary: 'put libcudart and libcublas into it' },
    cudaFolder: {
      type: 'list',
      placeholder: 'folder',
      summary: 'where to look for them first; may be given again',
    },
    versionName: {
      type: 'string',
      placeholder: 'version',
      summary: 'of llama.cpp, where the program does not tell it, such as b6000',
    },
  },
  examples: [
    { line: 'llcuda pack build/runtime -o llama-b6000-cuda12.tar.gz', does: 'a bundle' },
    {
      line: 'llcuda pack build/bin -o llama.tar.gz --with-cuda',
      does: 'one that needs nothing of CUDA but the driver',
    },
  ],
  async run({ args: [folder = ''], flags }, { host, signal, onProgress }) {
    if (flags.output === undefined) {
      throw new LlcudaError('USAGE_INVALID', 'pack needs the name of the bundle', {
        detail: { argument: '--output' },
        hint: 'Add `-o FILE.tar.gz`.',
      });
    }
    const { packRuntime } = await import('../../runtime/pack/pack-runtime.ts');
    const { path, sizeBytes, sha256, sbomPath, manifest } = await packRuntime(folder, {
      output: flags.output,
      withCuda: flags.withCuda,
      cudaFolders: flags.cudaFolder,
      version: flags.versionName,
      host,
      signal,
      onProgress,
    });
    return { path, sizeBytes, sha256, sbomPath, manifest };
  },
  render: ({ path, sizeBytes, sha256, sbomPath, manifest }) => {
    const { drivers, needed, llamaCpp, backend } = manifest;
    const gpus = drivers.map(
      ({ capability, outcome, minimumDriver }) =>
        `  GPU ${capability.padEnd(5)} ${outcome.padEnd(7)} from driver ${minimumDriver}`,
    );
    return [
      path,
      `  ${formatBytes(sizeBytes)}, SHA-256 ${sha256}`,
      `  llama.cpp ${llamaCpp.version}, ${backend}; bill of materials: ${sbomPath}`,
      `  needs from the machine: ${needed.join(', ') || 'nothing'}`,
      ...gpus,
      '',
    ].join('\n');
  },
});
