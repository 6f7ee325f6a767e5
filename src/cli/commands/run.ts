import { LlcudaError } from '../../errors/llcuda-error.ts';
import { defineCommand, type AnyCommand } from '../command.ts';
import { generationFlags } from '../generation-flags.ts';

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
    if (flags.raw === true && flags.system !== undefined) throw rawWithSystem();
    // Imported here: other commands, and the help, start without it.
    const { answerPrompt } = await import('../answer-prompt.ts');
    return answerPrompt(args, flags, context);
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
