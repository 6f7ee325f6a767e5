import type { ListedRuntime } from '../../runtime/server/list-runtimes.ts';
import { formatBytes } from '../../units/format-bytes.ts';
import { defineCommand, type AnyCommand } from '../command.ts';
import { formatTable } from '../output/format-table.ts';

export const runtimesCommand: AnyCommand = defineCommand({
  name: 'runtimes',
  summary: 'list the installed runtimes',
  arguments: [],
  flags: {},
  examples: [{ line: 'llcuda runtimes', does: 'which there are, and which one is active' }],
  async run(_input, { host }) {
    const { listRuntimes } = await import('../../runtime/server/list-runtimes.ts');
    return { runtimes: await listRuntimes({ host }) };
  },
  render: ({ runtimes }) =>
    runtimes.length === 0
      ? 'No runtime is installed. `llcuda install` installs one.\n'
      : `${formatTable(
          [
            { title: 'NAME' },
            { title: 'STATE' },
            { title: 'BACKEND' },
            { title: 'SIZE', align: 'right' },
          ],
          runtimes.map((runtime) => describeRuntime(runtime)),
        )}\n`,
});

function describeRuntime(runtime: ListedRuntime): readonly string[] {
  if (runtime.kind === 'embedded') return [runtime.name, 'embedded', 'cpu', '-'];
  return [runtime.name, runtime.state, runtime.backend, formatBytes(runtime.sizeBytes)];
}
