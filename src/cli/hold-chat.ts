import { createInterface } from 'node:readline';
import { createChat, type Chat } from '../engine/create-chat.ts';
import type { InferenceEngine } from '../engine/inference-engine.ts';
import { LlcudaError } from '../errors/llcuda-error.ts';
import { AsyncQueue } from '../events/async-queue.ts';
import { runChatCommand } from './chat-commands.ts';
import type { CommandContext, FlagValues } from './command.ts';
import { toEngineOptions, toInferOptions, type generationFlags } from './generation-flags.ts';
import { loadEngine } from './load-engine.ts';
import { formatError } from './output/format-error.ts';
import { formatFigures } from './output/format-figures.ts';
import { stripTerminalControls } from './output/strip-terminal-controls.ts';

/** A conversation in the terminal, until /exit or the end of the input; gives the number of its messages. */
export async function holdChat(
  model: string | undefined,
  flags: FlagValues<typeof generationFlags>,
  context: CommandContext,
): Promise<{ readonly messages: number }> {
  await using engine = await loadEngine(model, toEngineOptions(flags), context);
  const chat = createChat(engine, { system: flags.system });
  await converse(chat, engine, toInferOptions(flags), context);
  return { messages: chat.messages.length };
}

type TurnOptions = ReturnType<typeof toInferOptions>;

async function converse(
  chat: Chat,
  engine: InferenceEngine,
  options: TurnOptions,
  context: CommandContext,
): Promise<void> {
  const { io, theme, interrupts, host } = context;
  if (io.stdin.isTTY === true) io.stderr.write('/help lists the commands, Ctrl+D leaves.\n');
  const input = openInput(context);
  let isIdleInterrupted = false;
  const stopHandling = interrupts.handle(() => {
    if (isIdleInterrupted) return interrupts.abort();
    isIdleInterrupted = true;
    io.stderr.write('\n(Ctrl+C again or Ctrl+D leaves)\n');
    input.prompt();
  });
  const onAbort = (): void => input.close();
  context.signal.addEventListener('abort', onAbort, { once: true });
  try {
    input.prompt();
    for await (const line of input.lines) {
      isIdleInterrupted = false;
      try {
        if (line.startsWith('/')) {
          const result = await runChatCommand(line.trim(), chat, host.workingDirectory);
          if (result.kind === 'exit') return;
          io.stderr.write(`${result.text}\n`);
        } else if (line.trim() !== '') await answer(line, chat, engine, options, context);
      } catch (error) {
        // A turn may fail, the conversation goes on; without the model's process it cannot.
        if (!LlcudaError.is(error) || error.code === 'RUNTIME_CRASHED') throw error;
        io.stderr.write(formatError(error, theme, false));
      }
      input.prompt();
    }
    context.signal.throwIfAborted();
  } finally {
    context.signal.removeEventListener('abort', onAbort);
    stopHandling();
    input.close();
  }
}

async function answer(
  line: string,
  chat: Chat,
  engine: InferenceEngine,
  options: TurnOptions,
  { io, theme, isQuiet, interrupts, signal }: CommandContext,
): Promise<void> {
  const stopper = new AbortController();
  const stopHandling = interrupts.handle(() => stopper.abort());
  const turn = { ...options, signal: AbortSignal.any([signal, stopper.signal]) };
  try {
    for await (const { text, result } of chat.stream(line, turn)) {
      io.stdout.write(stripTerminalControls(text, io.stdout));
      if (!result) continue;
      io.stdout.write('\n');
      const { model, device, runtime } = engine;
      const figures = formatFigures({ ...result, model, device, runtime });
      if (!isQuiet) io.stderr.write(`${theme.faint(figures)}\n`);
    }
  } catch (error) {
    if (!stopper.signal.aborted || signal.aborted) throw error;
    io.stdout.write('\n');
    io.stderr.write('(stopped)\n');
  } finally {
    stopHandling();
  }
}

interface ChatInput {
  readonly lines: AsyncIterable<string>;
  prompt(): void;
  close(): void;
}

function openInput({ io, interrupts }: CommandContext): ChatInput {
  const isTerminal = io.stdin.isTTY === true;
  const reader = createInterface({
    input: io.stdin,
    // The prompt and the echo go to stderr: stdout holds the answers alone.
    ...(isTerminal && { output: process.stderr, terminal: true }),
  });
  const lines = new AsyncQueue<string>();
  reader.on('line', (line) => lines.push(line));
  let isClosed = false;
  reader.once('close', () => {
    isClosed = true;
    lines.close();
  });
  // On a terminal readline takes Ctrl+C itself: it never becomes a signal.
  reader.on('SIGINT', () => interrupts.trigger());
  reader.setPrompt(isTerminal ? '> ' : '');
  return {
    lines,
    prompt: () => {
      // A prompt on a closed reader would open stdin again.
      if (isTerminal && !isClosed) reader.prompt();
    },
    close: () => reader.close(),
  };
}
