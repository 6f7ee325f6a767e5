import { parseSmiText } from './parse-smi-value.ts';

export interface ListedMig {
  readonly profile: string | undefined;
  readonly uuid: string | undefined;
}

/**
 * Reads the MIG instances of `nvidia-smi -L`, for each GPU in order: `GPU 0: NVIDIA A100 (UUID: GPU-...)`, then under it
 * `  MIG 1g.10gb     Device  0: (UUID: MIG-...)`, as NVIDIA's MIG User Guide shows them.
 */
export function parseSmiList(text: string): readonly (readonly ListedMig[])[] {
  const gpus: ListedMig[][] = [];
  for (const line of text.split('\n').slice(0, 4096)) {
    if (/^GPU \d+:/.test(line)) gpus.push([]);
    const match = /^\s+MIG (\S{1,20})\s+Device\s+\d+:\s*\(UUID: (MIG-[\w/-]{1,120})\)/.exec(line);
    if (match) gpus.at(-1)?.push({ profile: parseSmiText(match[1]), uuid: parseSmiText(match[2]) });
  }
  return gpus;
}
