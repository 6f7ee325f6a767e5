import { LlcudaError } from '../../errors/llcuda-error.ts';
import { defineCommand, type AnyCommand } from '../command.ts';
import { generationFlags } from '../generation-flags.ts';

export const chatCommand: AnyCommand = defineCommand({
  name: 'chat',
  summary: 'talk with a model in the terminal',
  arguments: [{ name: 'model', summary: 'registry name, path, hf:owner/repo:file.gguf or URL' }],
  flags: generationFlags,
  examples: [
    { line: 'llcuda chat', does: 'with the default model; /help lists the commands' },
    {
      line: 'llcuda chat smollm2-135m --system "Answer in French."',
      does: 'with a system message',
    },
  ],
  async run({ args: [model], flags }, context) {
    if (context.isJson) {
      throw new LlcudaError('USAGE_INVALID', 'A chat is no JSON document', {
        detail: { argument: '--json' },
        hint: 'Use `llcuda run --json` for one answer, or /save for the conversation.',
      });
    }
    // Imported here: other commands, and the help, start without it.
    const { holdChat } = await import('../hold-chat.ts');
    return holdChat(model, flags, context);
  },
  render: () => '',
});
