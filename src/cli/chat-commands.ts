import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { formatChatHistory, parseChatHistory } from '../engine/chat-history.ts';
import type { Chat } from '../engine/create-chat.ts';
import { LlcudaError } from '../errors/llcuda-error.ts';
import { writeAtomically } from '../files/write-atomically.ts';

export const chatHelp = `/system TEXT  set the system message (empty: remove it)
/reset        forget the conversation, keep the system message
/save FILE    write the conversation as JSONL
/load FILE    read a conversation
/exit         leave (also Ctrl+D)
Ctrl+C        stop the answer`;

/** What a chat line that begins with `/` did: text to show, or the end of the chat. */
export type ChatCommandResult =
  | { readonly kind: 'shown'; readonly text: string }
  | { readonly kind: 'exit' };

/** Runs one `/command` of a chat. Throws `USAGE_INVALID`, `CHAT_FILE_INVALID`, `STORE_NOT_WRITABLE`. */
export async function runChatCommand(
  line: string,
  chat: Chat,
  workingDirectory: string,
): Promise<ChatCommandResult> {
  const [name = ''] = line.split(/\s/, 1);
  const argument = line.slice(name.length).trim();
  switch (name) {
    case '/exit':
    case '/quit':
    case '/bye':
      return { kind: 'exit' };
    case '/help':
    case '/?':
      return shown(chatHelp);
    case '/reset':
      chat.reset();
      return shown('The conversation is forgotten.');
    case '/system':
      chat.setSystem(argument);
      return shown(
        argument === '' ? 'There is no system message now.' : 'The system message is set.',
      );
    case '/save': {
      const path = resolve(workingDirectory, requireArgument(name, argument));
      await saveChat(path, formatChatHistory(chat.messages));
      return shown(`Saved ${chat.messages.length} messages`);
    }
    case '/load': {
      const path = resolve(workingDirectory, requireArgument(name, argument));
      chat.load(parseChatHistory(await readChatFile(path), path));
      return shown(`Loaded ${chat.messages.length} messages`);
    }
    default:
      throw usage(name, `There is no ${name}`);
  }
}

function shown(text: string): ChatCommandResult {
  return { kind: 'shown', text };
}

async function saveChat(path: string, text: string): Promise<void> {
  await writeAtomically(path, text).catch((error: unknown) => {
    if (LlcudaError.is(error, 'DISK_FULL')) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new LlcudaError('USAGE_INVALID', `Cannot write ${path}: ${reason}`, {
      detail: { argument: '/save' },
      hint: 'Save to a folder that you can write.',
      cause: error,
    });
  });
}

async function readChatFile(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new LlcudaError('CHAT_FILE_INVALID', `Cannot read ${path}: ${reason}`, {
      detail: { path, line: 0, reason },
      hint: 'Check the path.',
      cause: error,
    });
  });
}

function requireArgument(name: string, argument: string): string {
  if (argument === '') throw usage(name, `${name} needs the name of a file`);
  return argument;
}

function usage(argument: string, message: string): LlcudaError {
  return new LlcudaError('USAGE_INVALID', message, {
    detail: { argument },
    hint: '/help lists what there is.',
  });
}
