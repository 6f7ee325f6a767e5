/** The capability of a GPU as major * 10 + minor: 8.9 is 89 and 12.0 is 120, so that order is numeric. */
export type ComputeCapability = number;

/**
 * Reads `7.5`, `75`, `sm_75`, `compute_90a`; a trailing `a` or `f` is dropped. `undefined` for anything
 * else, also for `750`, which is a GeForce, and `10`, which is too short for 10.0.
 */
export function parseComputeCapability(text: string): ComputeCapability | undefined {
  const match = /^(?:sm_|compute_)?([2-9]|1\d)\.?(\d)[af]?$/i.exec(text.trim());
  return match === null ? undefined : Number(match[1]) * 10 + Number(match[2]);
}

/** `89` becomes `8.9`. */
export function formatComputeCapability(capability: ComputeCapability): string {
  return `${Math.floor(capability / 10)}.${capability % 10}`;
}
