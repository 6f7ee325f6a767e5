import type { GpuFacts } from '../probe/facts/gpu-facts.ts';
import { formatComputeCapability } from '../units/compute-capability.ts';

/** `Tesla T4 (7.5)`; what is not known is left out. */
export function describeGpuFacts({ name, capability, pciId }: GpuFacts): string {
  const shown = name ?? (pciId === undefined ? 'an NVIDIA GPU' : `an NVIDIA GPU (${pciId})`);
  return capability === undefined ? shown : `${shown} (${formatComputeCapability(capability)})`;
}

/** `2 x Tesla T4 (7.5)`, `GeForce RTX 3060 (8.6) and GeForce GTX 1080 (6.1)`. */
export function describeGpuList(gpus: readonly GpuFacts[]): string {
  const counts = new Map<string, number>();
  for (const gpu of gpus) {
    const text = describeGpuFacts(gpu);
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return joinWords([...counts].map(([text, count]) => (count > 1 ? `${count} x ${text}` : text)));
}

/** `a`, `a and b`, `a, b and c`. */
export function joinWords(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}
