import type { Check } from '../check.ts';
import { compareDotted } from '../compare-dotted.ts';

export const jetsonCheck: Check = {
  id: 'jetson',
  title: 'Jetson',
  group: 'platform',
  run: ({ facts: { platform } }) => {
    const { jetson } = platform;
    if (jetson === undefined) return { status: 'skip', summary: 'This is no Jetson.' };
    const name = jetson.model ?? 'A Jetson';
    const { l4t } = jetson;
    const detail = [
      'Builds for desktop GPUs do not run here; the GPU shares the memory of the processor.',
    ];
    if (l4t !== undefined && compareDotted(l4t, '36') < 0) {
      return {
        status: 'warn',
        summary: `${name}, L4T ${l4t}: CUDA 11.4 or older, which builds made with CUDA 12 do not run on.`,
        detail,
        fix: 'Update to JetPack 6, where the board takes it, or build llama.cpp here.',
        commands: ['cmake -B build -DGGML_CUDA=ON -DCMAKE_CUDA_ARCHITECTURES=native'],
      };
    }
    return { status: 'ok', summary: `${name}, L4T ${l4t ?? '(not told)'}.`, detail };
  },
};
