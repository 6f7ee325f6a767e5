import type { Check } from '../check.ts';

export const visibleDevicesCheck: Check = {
  id: 'visible-devices',
  title: 'CUDA_VISIBLE_DEVICES',
  group: 'gpu',
  needs: ['gpu'],
  stopsGpu: true,
  run: ({ facts: { visibleDevices, gpus } }) => {
    const { effect, value = '', entries, explanation, confidence } = visibleDevices;
    if (effect === 'none') {
      // -1 and an empty list are how a GPU is hidden on purpose.
      const isMeant = value === '' || value === '-1';
      return {
        status: isMeant ? 'warn' : 'fail',
        summary: explanation,
        fix: 'Unset CUDA_VISIBLE_DEVICES, or name a GPU of `nvidia-smi -L` in it.',
        commands: ['unset CUDA_VISIBLE_DEVICES'],
      };
    }
    if (entries.some(({ status }) => status !== 'used')) {
      const used = entries.filter(({ status }) => status === 'used');
      return {
        status: 'warn',
        summary: explanation,
        fix: 'Leave out the entries that name no GPU.',
        commands: [
          `export CUDA_VISIBLE_DEVICES=${used.map(({ text }) => text.replaceAll(/[^\w-]/g, '')).join(',')}`,
        ],
      };
    }
    if (effect === 'some' && confidence === 'likely') {
      return {
        status: 'warn',
        summary: `${explanation} CUDA may number different GPUs otherwise than nvidia-smi.`,
        fix: 'Make CUDA number them as nvidia-smi does.',
        commands: ['export CUDA_DEVICE_ORDER=PCI_BUS_ID'],
      };
    }
    return { status: 'ok', summary: gpus.length > 0 ? explanation : 'There is no GPU to hide.' };
  },
};
