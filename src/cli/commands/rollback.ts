import { defineCommand, type AnyCommand } from '../command.ts';
import { formatSwitch } from '../output/format-switch.ts';

export const rollbackCommand: AnyCommand = defineCommand({
  name: 'rollback',
  summary: 'go back to the runtime that was active before',
  arguments: [],
  flags: {},
  examples: [{ line: 'llcuda rollback', does: 'the one before; once more goes forward again' }],
  async run(_input, { host, signal, onProgress }) {
    const { rollbackRuntime } = await import('../../runtime/server/use-runtime.ts');
    return rollbackRuntime({ host, signal, onProgress });
  },
  render: (used) => formatSwitch(used),
});
