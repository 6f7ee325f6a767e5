import type { Check } from '../check.ts';
import { joinWords } from '../describe-gpus.ts';

/** What builds for "any" processor of these kinds take for granted: ggml's CMakeLists.txt, GGML_AVX2, GGML_FMA, GGML_F16C. */
const wanted: Readonly<Record<string, readonly string[]>> = {
  x64: ['avx', 'avx2', 'fma', 'f16c'],
  arm64: ['asimddp'],
};

export const cpuFeaturesCheck: Check = {
  id: 'cpu-features',
  title: 'Processor',
  group: 'platform',
  run: ({ facts: { processor, platform } }) => {
    const { areFeaturesKnown, features, model } = processor;
    const name = model ?? 'Processor';
    if (!areFeaturesKnown)
      return { status: 'skip', summary: `${name}: nothing tells what it can do.` };
    const missing = (wanted[platform.arch] ?? []).filter((feature) => !features.includes(feature));
    const detail = [`${features.join(' ')}.`];
    if (missing.length === 0) {
      const extra = features.some((feature) => /^(?:avx512|amx|i8mm|sve)/.test(feature));
      return {
        status: 'ok',
        summary: `${name}${extra ? ', with wide instructions' : ''}.`,
        detail,
      };
    }
    return {
      status: 'warn',
      summary: `${name} lacks ${joinWords(missing)}: many builds die of "Illegal instruction".`,
      detail,
      fix: 'Build llama.cpp on this machine.',
      commands: ['cmake -B build -DGGML_NATIVE=ON && cmake --build build --config Release'],
    };
  },
};
