import * as v from 'valibot';
import { LlcudaError } from '../errors/llcuda-error.ts';
import type { ChatMessage } from './chat-message.ts';

/** Longer files are no conversations. */
const MAX_MESSAGES = 100_000;

const messageSchema = v.object({
  role: v.picklist(['system', 'user', 'assistant']),
  content: v.string(),
});

/** A conversation as JSONL: one message a line, `{ "role", "content" }`. */
export function formatChatHistory(messages: readonly ChatMessage[]): string {
  return messages.map(({ role, content }) => `${JSON.stringify({ role, content })}\n`).join('');
}

/** Reads a conversation from JSONL; blank lines are skipped. Throws `CHAT_FILE_INVALID`. */
export function parseChatHistory(text: string, path: string): readonly ChatMessage[] {
  const lines = text.split('\n');
  const messages: ChatMessage[] = [];
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    if (messages.length >= MAX_MESSAGES) throw invalid(path, index + 1, 'too many messages');
    const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), messageSchema), line);
    if (!parsed.success) throw invalid(path, index + 1, parsed.issues[0].message);
    messages.push(parsed.output);
  }
  return messages;
}

function invalid(path: string, line: number, reason: string): LlcudaError {
  return new LlcudaError(
    'CHAT_FILE_INVALID',
    `${path}, line ${line} is no chat message: ${reason}`,
    {
      detail: { path, line, reason },
      hint: 'Each line is {"role":"user","content":"..."}; roles are system, user, assistant.',
    },
  );
}
