import { defineCommand, type AnyCommand } from '../command.ts';

export const removeCommand: AnyCommand = defineCommand({
  name: 'remove',
  summary: 'remove an installed runtime that is neither active nor in use',
  arguments: [
    { name: 'runtime', summary: 'name, version or the beginning of a name', isRequired: true },
  ],
  flags: {},
  examples: [{ line: 'llcuda remove b5900', does: 'the one of that version' }],
  async run({ args: [name = ''] }, { host, signal, onProgress }) {
    const { removeRuntime } = await import('../../runtime/server/remove-runtime.ts');
    return { removed: await removeRuntime(name, { host, signal, onProgress }) };
  },
  render: ({ removed }) => `${removed.name} is removed\n`,
});
