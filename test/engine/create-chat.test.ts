import { describe, expect, it } from 'vitest';
import { createChat } from '../../src/engine/create-chat.ts';
import { InferenceEngine } from '../../src/engine/inference-engine.ts';
import { createTestHost } from '../support/embedded.ts';
import { testModel } from '../support/test-store.ts';

describe('createChat with a real model', () => {
  it('remembers what was said, forgets on reset, and keeps what an interrupted answer gave', async () => {
    await using engine = await InferenceEngine.load(testModel, { host: createTestHost() });
    const chat = createChat(engine, { system: 'You are a helpful assistant.' });

    const first = await chat.send('What is the capital of France?');
    const second = await chat.send('And of Germany?');

    expect(first.text).toContain('Paris');
    expect(second.text).toContain('Berlin');
    expect(chat.messages.map(({ role }) => role)).toEqual([
      'system',
      'user',
      'assistant',
      'user',
      'assistant',
    ]);

    chat.reset();
    expect(chat.messages).toEqual([{ role: 'system', content: 'You are a helpful assistant.' }]);

    for await (const { text } of chat.stream('Tell me a long story.')) {
      if (text !== '') break;
    }
    expect(chat.messages.at(-1)).toMatchObject({
      role: 'assistant',
      content: expect.stringMatching(/./),
    });

    const before = chat.messages;
    await expect(chat.send('word '.repeat(5000))).rejects.toMatchObject({
      code: 'PROMPT_TOO_LONG',
    });
    await expect(chat.send('  ')).rejects.toMatchObject({ code: 'PROMPT_EMPTY' });
    expect(chat.messages).toEqual(before);
  });
});
