import { formatBytes } from '../../units/format-bytes.ts';
import { defineCommand, type AnyCommand } from '../command.ts';

export const gcCommand: AnyCommand = defineCommand({
  name: 'gc',
  summary: 'remove the runtimes that are neither active nor the one before',
  arguments: [],
  flags: {
    dryRun: { type: 'boolean', summary: 'only print what would be removed' },
  },
  examples: [{ line: 'llcuda gc --dry-run', does: 'what would be removed' }],
  async run({ flags }, { host, signal, onProgress }) {
    const { gcRuntimes } = await import('../../runtime/server/gc-runtimes.ts');
    const isDryRun = flags.dryRun === true;
    const collected = await gcRuntimes({ host, signal, onProgress, isDryRun });
    return { ...collected, isDryRun };
  },
  render: ({ removed, inUse, downloadBytes, isDryRun }) => {
    const verb = isDryRun ? 'would be removed' : 'is removed';
    const lines = [
      ...removed.map(({ name, sizeBytes }) => `${name} ${verb} (${formatBytes(sizeBytes)})`),
      ...inUse.map((name) => `${name} stays: a process runs from it`),
      ...(downloadBytes > 0 ? [`${formatBytes(downloadBytes)} of downloads ${verb}`] : []),
    ];
    return `${lines.length > 0 ? lines.join('\n') : 'There is nothing to remove.'}\n`;
  },
});
