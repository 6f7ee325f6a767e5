import type { Check } from '../check.ts';

export const hubTokenCheck: Check = {
  id: 'hub-token',
  title: 'Hugging Face token',
  group: 'store',
  run: ({ facts: { environment } }) => {
    if (environment.secrets.includes('HF_TOKEN'))
      return { status: 'ok', summary: 'HF_TOKEN is set.' };
    const other = environment.secrets.find((name) => /^(?:HF|HUGGING_?FACE)_\w+$/.test(name));
    if (other !== undefined) {
      return {
        status: 'warn',
        summary: `${other} is set; llcuda reads HF_TOKEN.`,
        fix: 'Give the token that name, too.',
        commands: [`export HF_TOKEN="$${other}"`],
      };
    }
    return { status: 'ok', summary: 'None is set; only gated models need one.' };
  },
};
