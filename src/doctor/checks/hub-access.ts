import type { Check } from '../check.ts';

export const hubAccessCheck: Check = {
  id: 'hub-access',
  title: 'Access to Hugging Face',
  group: 'store',
  run: ({ facts: { environment } }) => {
    const { HF_HUB_OFFLINE, HF_ENDPOINT } = environment.variables;
    if (/^(?:1|true|yes|on)$/i.test(HF_HUB_OFFLINE ?? '')) {
      return {
        status: 'warn',
        summary: `HF_HUB_OFFLINE=${HF_HUB_OFFLINE}: this environment is not meant to fetch models.`,
        fix: 'Unset it, or use models that are here.',
        commands: ['unset HF_HUB_OFFLINE', 'llcuda models'],
      };
    }
    if (HF_ENDPOINT !== undefined && !HF_ENDPOINT.startsWith('https://')) {
      return {
        status: 'warn',
        summary: `HF_ENDPOINT is ${HF_ENDPOINT}, which is not https: llcuda fetches nothing from it.`,
        fix: 'Name a mirror with https, or unset it.',
        commands: ['unset HF_ENDPOINT'],
      };
    }
    return {
      status: 'ok',
      summary: HF_ENDPOINT === undefined ? 'The hub itself.' : `${HF_ENDPOINT}.`,
    };
  },
};
