import type { CheckContext } from './check-context.ts';

/** What checks may need; each with the reason that is given where it is not met. */
const needs = {
  linux: {
    isMet: ({ facts }: CheckContext): boolean => facts.platform.platform === 'linux',
    reason: 'Only for Linux.',
  },
  gpu: {
    isMet: ({ facts }: CheckContext): boolean => facts.gpus.length > 0,
    reason: 'There is no NVIDIA GPU here.',
  },
  driver: {
    isMet: ({ facts: { driver } }: CheckContext): boolean =>
      driver.kernelModule === 'nvidia' || driver.kernelModule === 'tegra',
    reason: 'No NVIDIA driver is loaded.',
  },
  devices: {
    isMet: ({ devices }: CheckContext): boolean => devices.length > 0,
    reason: 'No GPU with a known driver is here.',
  },
  server: {
    isMet: ({ facts }: CheckContext): boolean =>
      facts.runtimes.some(({ kind, exists }) => kind === 'server' && exists),
    reason: 'No llama-server was found.',
  },
  torch: {
    isMet: ({ facts }: CheckContext): boolean => facts.python?.torch !== undefined,
    reason: 'No PyTorch was found.',
  },
  nvcc: {
    isMet: ({ facts }: CheckContext): boolean =>
      facts.toolkits.some(({ nvcc }) => nvcc !== undefined),
    reason: 'No CUDA compiler was found.',
  },
  evidence: {
    isMet: ({ evidence }: CheckContext): boolean => evidence !== undefined,
    reason: 'This was not looked at.',
  },
} as const;

export type CheckNeed = keyof typeof needs;

/** The reason why a check does not apply; `undefined` where all is there that it needs. */
export function findUnmetNeed(
  wanted: readonly CheckNeed[],
  context: CheckContext,
): string | undefined {
  const unmet = wanted.find((name) => !needs[name].isMet(context));
  return unmet === undefined ? undefined : needs[unmet].reason;
}
