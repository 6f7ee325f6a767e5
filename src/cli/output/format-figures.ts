import type { InferenceResult } from '../../engine/inference-engine.ts';
import { formatDuration } from '../../units/format-duration.ts';
import { stripControlCharacters } from '../../units/strip-control-characters.ts';

export type FiguresInput = Pick<
  InferenceResult,
  'generatedTokens' | 'tokensPerSecond' | 'timeToFirstTokenMs' | 'finishReason'
> & { readonly model: string; readonly device: string; readonly runtime: string };

/** The one line about an answer: model, device, tokens, speed, time to the first token. */
export function formatFigures(answer: FiguresInput): string {
  const { model, device, runtime, generatedTokens, tokensPerSecond, timeToFirstTokenMs } = answer;
  const parts = [
    stripControlCharacters(model),
    `${device}, ${runtime}`,
    `${generatedTokens} tokens`,
    `${tokensPerSecond.toFixed(1)} tokens/s`,
    `first after ${formatDuration(timeToFirstTokenMs)}`,
  ];
  if (answer.finishReason === 'length') parts.push('cut off at the limit');
  return parts.join(' | ');
}
