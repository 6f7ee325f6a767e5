import { formatBytes } from '../../units/format-bytes.ts';
import type { Check } from '../check.ts';

export const storeModelsCheck: Check = {
  id: 'store-models',
  title: 'Models',
  group: 'store',
  needs: ['evidence'],
  run: ({ evidence }) => {
    const models = evidence?.store.models ?? [];
    const whole = models.filter(({ isPartial }) => !isPartial);
    const detail = whole.map(({ name, sizeBytes }) => `${name}, ${formatBytes(sizeBytes)}.`);
    const broken = models.filter(({ isPartial, sizeBytes }) => isPartial || sizeBytes === 0);
    if (broken.length > 0) {
      return {
        status: 'warn',
        summary: `${broken.map(({ name }) => name).join(', ')}: the download did not come to its end.`,
        detail,
        fix: 'Pull the model again: it goes on where it ended.',
        commands: ['llcuda models', 'llcuda pull NAME'],
      };
    }
    const total = whole.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    return {
      status: 'ok',
      summary:
        whole.length === 0
          ? 'None yet: `llcuda run` fetches one.'
          : `${whole.length} model(s), ${formatBytes(total)}.`,
      detail,
    };
  },
};
