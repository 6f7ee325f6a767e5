import type { FatbinImage } from '../fatbin/fatbin-image.ts';

/** `sm_90a` for machine code, `compute_90a` for what is compiled further. */
export function formatImageTarget({ kind, target }: Pick<FatbinImage, 'kind' | 'target'>): string {
  const prefix = kind === 'ptx' || kind === 'lto' ? 'compute' : 'sm';
  return `${prefix}_${target.capability}${target.variant ?? ''}`;
}
