import { randomInt } from 'node:crypto';
import type { RecommendedSampling } from '../model/registry-entry.ts';
import type { Sampling } from './engine-backend.ts';

/** How tokens are chosen. What is left out comes from the registry entry of the model, else from llcuda. */
export interface SamplingOptions {
  /** 0 always takes the likeliest token. @defaultValue 0.8 */
  readonly temperature?: number | undefined;
  /** Keeps the likeliest tokens that together have this probability; 1 keeps all. @defaultValue 0.95 */
  readonly topP?: number | undefined;
  /** Keeps this many of the likeliest tokens; 0 keeps all. @defaultValue 40 */
  readonly topK?: number | undefined;
  /** Drops tokens less likely than this part of the likeliest one. @defaultValue 0.05 */
  readonly minP?: number | undefined;
  /** Same seed, same answer, on the same machine. A whole number below 2^32. @defaultValue random */
  readonly seed?: number | undefined;
}

/** llama.cpp's own defaults (common/common.h, `common_params_sampling`). */
const defaults = { temperature: 0.8, topP: 0.95, topK: 40, minP: 0.05 } as const;

/** Fills in what a request leaves open. Throws `RangeError` for a value out of range. */
export function resolveSampling(
  options: SamplingOptions,
  recommended: RecommendedSampling | undefined,
): Sampling {
  const resolved = {
    temperature: options.temperature ?? recommended?.temperature ?? defaults.temperature,
    topP: options.topP ?? recommended?.topP ?? defaults.topP,
    topK: options.topK ?? recommended?.topK ?? defaults.topK,
    minP: options.minP ?? recommended?.minP ?? defaults.minP,
    seed: options.seed ?? randomInt(2 ** 32),
  };
  requireRange('temperature', resolved.temperature, 0, 100);
  requireRange('topP', resolved.topP, 0, 1);
  requireWholeNumber('topK', resolved.topK);
  requireRange('topK', resolved.topK, 0, 1_000_000);
  requireRange('minP', resolved.minP, 0, 1);
  requireWholeNumber('seed', resolved.seed);
  requireRange('seed', resolved.seed, 0, 2 ** 32 - 1);
  return resolved;
}

function requireRange(name: string, value: number, minimum: number, maximum: number): void {
  if (value >= minimum && value <= maximum) return;
  throw new RangeError(`${name} must be from ${minimum} to ${maximum}, not ${value}`);
}

function requireWholeNumber(name: string, value: number): void {
  if (!Number.isInteger(value))
    throw new RangeError(`${name} must be a whole number, not ${value}`);
}
