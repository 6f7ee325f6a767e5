import type { EngineOptions, InferOptions } from '../engine/inference-engine.ts';
import type { FlagValues } from './command.ts';

/** Flags of every command that generates text. */
export const generationFlags = {
  system: { type: 'string', summary: 'system message' },
  maxTokens: { type: 'integer', summary: 'most tokens of an answer', minimum: 1 },
  temperature: {
    type: 'number',
    summary: '0 is always the likeliest token',
    minimum: 0,
    maximum: 100,
  },
  topP: { type: 'number', summary: 'keep tokens up to this probability', minimum: 0, maximum: 1 },
  topK: {
    type: 'integer',
    summary: 'keep this many tokens; 0 keeps all',
    minimum: 0,
    maximum: 1_000_000,
  },
  minP: {
    type: 'number',
    summary: 'drop tokens below this part of the best',
    minimum: 0,
    maximum: 1,
  },
  seed: { type: 'integer', summary: 'same seed, same answer', minimum: 0, maximum: 4_294_967_295 },
  stop: { type: 'list', summary: 'end the answer at this text; may be given again' },
  context: { type: 'integer', summary: 'size of the context in tokens (default 4096)', minimum: 1 },
  threads: {
    type: 'integer',
    summary: 'most processor threads (default: usable cores)',
    minimum: 1,
  },
  gpu: {
    type: 'string',
    summary: 'use of the GPU (default auto)',
    choices: ['auto', 'required', 'off'],
  },
} as const;

type Flags = FlagValues<typeof generationFlags>;

export function toEngineOptions(
  flags: Flags,
): Pick<EngineOptions, 'gpu' | 'contextTokens' | 'threads'> {
  return { gpu: flags.gpu, contextTokens: flags.context, threads: flags.threads };
}

export function toInferOptions(flags: Flags): Omit<InferOptions, 'system' | 'raw' | 'signal'> {
  const { maxTokens, temperature, topP, topK, minP, seed, stop } = flags;
  return { maxTokens, temperature, topP, topK, minP, seed, stop };
}
