import type { InferenceResult } from '../../engine/inference-engine.ts';
import { LlcudaError } from '../../errors/llcuda-error.ts';
import { choosePrompt } from '../choose-prompt.ts';
import { defineCommand, type AnyCommand } from '../command.ts';
import { generationFlags, toEngineOptions, toInferOptions } from '../generation-flags.ts';
import { loadEngine } from '../load-engine.ts';
import { formatFigures } from '../output/format-figures.ts';
import { stripTerminalControls } from '../output/strip-terminal-controls.ts';

export const runCommand: AnyCommand = defineCommand({
  name: 'run',
  summary: 'answer one prompt',
  arguments: [
    { name: 'model', summary: 'registry name, path, hf:owner/repo:file.gguf or URL' },
    { name: 'prompt', summary: 'the prompt; without it, or with -, stdin is read' },
  ],
  flags: {
    ...generationFlags,
    raw: { type: 'boolean', summary: 'complete the prompt as it is, without the chat template' },
  },
  examples: [
    { line: 'llcuda run "What is the capital of France?"', does: 'the default model answers' },
    { line: 'cat notes.txt | llcuda run smollm2-135m', does: 'the prompt comes from a pipe' },
    { line: 'llcuda run ./model.gguf "Hello" --gpu off --json', does: 'one JSON document' },
  ],
  async run({ args, flags }, context) {
    const { signal, io, isJson, isQuiet, theme } = context;
    if (flags.raw === true && flags.system !== undefined) throw rawWithSystem();
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
  },
  // The answer was streamed.
  render: () => '',
});

function rawWithSystem(): LlcudaError {
  return new LlcudaError('USAGE_INVALID', '--raw and --system exclude each other', {
    detail: { argument: '--system' },
    hint: 'Write the system message into the raw prompt, or leave --raw out.',
  });
}
