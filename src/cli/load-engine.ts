import type { EngineOptions, InferenceEngine } from '../engine/inference-engine.ts';
import type { CommandContext } from './command.ts';

/**
 * Loads a model for a command. The engine is imported here and not at the top, so that commands which
 * run no model start fast; and in a function of its own, since TypeScript 6.0 leaves the `.ts` of an
 * `import()` as it is inside a function with `await using`.
 */
export async function loadEngine(
  model: string | undefined,
  options: Pick<EngineOptions, 'gpu' | 'contextTokens' | 'threads'>,
  { host, fetch, signal, onProgress, clearProgress }: CommandContext,
): Promise<InferenceEngine> {
  const { InferenceEngine: Engine } = await import('../engine/inference-engine.ts');
  const engine = await Engine.load(model, { ...options, host, fetch, signal, onProgress });
  clearProgress();
  return engine;
}
