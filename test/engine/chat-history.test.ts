import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatChatHistory, parseChatHistory } from '../../src/engine/chat-history.ts';
import { LlcudaError } from '../../src/errors/llcuda-error.ts';

const message = fc.record({
  role: fc.constantFrom('system' as const, 'user' as const, 'assistant' as const),
  content: fc.string({ unit: 'binary' }),
});

describe('parseChatHistory', () => {
  it('reads back every conversation that was written', () => {
    fc.assert(
      fc.property(fc.array(message), (messages) => {
        expect(parseChatHistory(formatChatHistory(messages), 'chat.jsonl')).toEqual(messages);
      }),
    );
  });

  it.each([
    { text: 'nonsense', line: 1 },
    { text: '{"role":"user","content":"hi"}\n\n{"role":"robot","content":"hi"}', line: 3 },
    { text: '{"role":"user"}', line: 1 },
    { text: '[]', line: 1 },
  ])('names the line of $text that is no message', ({ text, line }) => {
    expect(() => parseChatHistory(text, 'chat.jsonl')).toThrow(
      expect.objectContaining({
        code: 'CHAT_FILE_INVALID',
        detail: expect.objectContaining({ path: 'chat.jsonl', line }),
      }),
    );
  });

  it('never fails in any other way', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        try {
          parseChatHistory(text, 'chat.jsonl');
        } catch (error) {
          expect(LlcudaError.is(error, 'CHAT_FILE_INVALID')).toBe(true);
        }
      }),
    );
  });
});
