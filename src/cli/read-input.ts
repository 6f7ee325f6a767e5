import { LlcudaError } from '../errors/llcuda-error.ts';
import type { CliIo } from './cli-io.ts';

/** Prompts longer than this fit no model. */
const MAX_CHARACTERS = 64_000_000;

/** All of stdin as text. Ends at once when the signal fires, also while nothing comes. */
export async function readInput(stdin: CliIo['stdin'], signal: AbortSignal): Promise<string> {
  signal.throwIfAborted();
  const onAbort = (): void => void stdin.destroy();
  signal.addEventListener('abort', onAbort, { once: true });
  const decoder = new TextDecoder();
  let text = '';
  try {
    for await (const chunk of stdin) {
      text += typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
      if (text.length > MAX_CHARACTERS) throw tooLong();
    }
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
  signal.throwIfAborted();
  return text + decoder.decode();
}

function tooLong(): LlcudaError {
  return new LlcudaError('USAGE_INVALID', `stdin holds more than ${MAX_CHARACTERS} characters`, {
    detail: { argument: 'prompt' },
    hint: 'Pipe in a shorter prompt.',
  });
}
