import type { FailureCause } from '../compat/verdict.ts';

/** What another build of llama.cpp mends. */
const buildCauses: ReadonlySet<FailureCause | undefined> = new Set([
  'ptx-too-new',
  'ptx-unreadable',
  'no-image',
  'driver-below-runtime',
  'compression-unreadable',
] as const);

export function isBuildCause(cause: FailureCause | undefined): boolean {
  return buildCauses.has(cause);
}
