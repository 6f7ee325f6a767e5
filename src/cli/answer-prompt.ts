import type { InferenceResult } from '../engine/inference-engine.ts';
import { choosePrompt } from './choose-prompt.ts';
import type { CommandContext, FlagValues } from './command.ts';
import { toEngineOptions, toInferOptions, type generationFlags } from './generation-flags.ts';
import { loadEngine } from './load-engine.ts';
import { formatFigures } from './output/format-figures.ts';
import { stripTerminalControls } from './output/strip-terminal-controls.ts';

export type AnswerFlags = FlagValues<typeof generationFlags> & {
  readonly raw: boolean | undefined;
};

/** An answer with what ran it, as `run --json` prints it. */
export interface Answer extends InferenceResult {
  readonly model: string;
  readonly runtime: string;
  readonly device: string;
}

/** Answers one prompt: streamed to stdout, its figures to stderr, unless one JSON document is wanted. */
export async function answerPrompt(
  args: readonly string[],
  flags: AnswerFlags,
  context: CommandContext,
): Promise<Answer> {
  const { signal, io, isJson, isQuiet, theme } = context;
  const { model, prompt } = await choosePrompt(args, io, signal);
  await using engine = await loadEngine(model, toEngineOptions(flags), context);
  const options = { ...toInferOptions(flags), system: flags.system, raw: flags.raw, signal };
  let result: InferenceResult | undefined;
  for await (const piece of engine.stream(prompt, options)) {
    if (!isJson) io.stdout.write(stripTerminalControls(piece.text, io.stdout));
    result = piece.result;
  }
  if (!result) throw new Error('The answer ended without a result');
  if (!isJson) io.stdout.write('\n');
  const { device, runtime, model: name } = engine;
  const answer = { ...result, model: name, runtime, device };
  if (!isJson && !isQuiet) io.stderr.write(`${theme.faint(formatFigures(answer))}\n`);
  return answer;
}
