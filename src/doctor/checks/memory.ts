import { formatBytes } from '../../units/format-bytes.ts';
import type { Check } from '../check.ts';

/** Less takes only the smallest models. */
const SMALL_BYTES = 3e9;

export const memoryCheck: Check = {
  id: 'memory',
  title: 'Memory',
  group: 'platform',
  run: ({ facts: { memory } }) => {
    const { usableBytes, totalBytes, limitBytes } = memory;
    if (usableBytes === undefined) return { status: 'skip', summary: 'Nothing tells it.' };
    const total = totalBytes === undefined ? '' : ` of ${formatBytes(totalBytes)}`;
    const limit = limitBytes === undefined ? '' : `, with a limit of ${formatBytes(limitBytes)}`;
    const summary = `${formatBytes(usableBytes)}${total} may be used${limit}`;
    if (usableBytes >= SMALL_BYTES) return { status: 'ok', summary: `${summary}.` };
    return {
      status: 'warn',
      summary: `${summary}: only small models fit.`,
      fix:
        limitBytes === undefined
          ? 'Close what takes memory, or take a small model.'
          : 'Raise the limit of the container, or take a small model.',
      commands: ['llcuda models'],
    };
  },
};
