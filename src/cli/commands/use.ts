import { defineCommand, type AnyCommand } from '../command.ts';
import { formatSwitch } from '../output/format-switch.ts';

export const useCommand: AnyCommand = defineCommand({
  name: 'use',
  summary: 'activate an installed runtime, once it has proven that it starts',
  arguments: [
    { name: 'runtime', summary: 'name, version or the beginning of a name', isRequired: true },
  ],
  flags: {},
  examples: [{ line: 'llcuda use b6000', does: 'the one of that version' }],
  async run({ args: [name = ''] }, { host, signal, onProgress }) {
    const { useRuntime } = await import('../../runtime/server/use-runtime.ts');
    return useRuntime(name, { host, signal, onProgress });
  },
  render: (used) => formatSwitch(used),
});
