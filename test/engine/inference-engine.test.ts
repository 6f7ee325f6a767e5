import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDataHost } from '../../src/host/create-data-host.ts';
import { InferenceEngine, type StreamPiece } from '../../src/engine/inference-engine.ts';
import { createTestHost } from '../support/embedded.ts';
import { SMI_QUERY, smiLine } from '../support/smi-output.ts';
import { createTemporaryDirectory } from '../support/temporary-directory.ts';
import { testModel } from '../support/test-store.ts';

const question = 'What is the capital of France?';

describe('InferenceEngine with a real model', () => {
  let engine: InferenceEngine;

  beforeAll(async () => {
    engine = await InferenceEngine.load(testModel, { host: createTestHost(), contextTokens: 512 });
  });

  afterAll(async () => {
    await engine.dispose();
  });

  it('says what runs where', () => {
    expect(engine).toMatchObject({
      model: testModel,
      device: 'CPU',
      runtime: 'llama.cpp v0.5.0 (embedded)',
      contextTokens: 512,
    });
  });

  it('answers a question and tells its figures', async () => {
    const result = await engine.infer(question);

    expect(result.text).toContain('Paris');
    expect(result).toMatchObject({ finishReason: 'stop', stopText: undefined });
    expect(result.promptTokens).toBeGreaterThan(10);
    expect(result.generatedTokens).toBeGreaterThan(3);
    expect(result.tokensPerSecond).toBeGreaterThan(0);
    expect(result.timeToFirstTokenMs).toBeGreaterThan(0);
    expect(result.totalMs).toBeGreaterThanOrEqual(result.timeToFirstTokenMs);
  });

  it('streams the same text in pieces, the result last', async () => {
    const whole = await engine.infer(question);
    const pieces: StreamPiece[] = [];

    for await (const piece of engine.stream(question)) pieces.push(piece);

    expect(pieces.length).toBeGreaterThan(3);
    expect(pieces.map(({ text }) => text).join('')).toBe(whole.text);
    expect(pieces.slice(0, -1).every(({ result }) => result === undefined)).toBe(true);
    expect(pieces.at(-1)?.result?.text).toBe(whole.text);
  });

  it('stops at the number of tokens asked for', async () => {
    const result = await engine.infer('Count to one hundred.', { maxTokens: 5 });

    expect(result).toMatchObject({ finishReason: 'length', generatedTokens: 5 });
  });

  it('stops at the end of the context', async () => {
    const options = { host: createTestHost(), contextTokens: 64 };
    await using small = await InferenceEngine.load(testModel, options);

    const result = await small.infer('Once upon a time', { raw: true, temperature: 0 });

    expect(result.finishReason).toBe('length');
    expect(result.promptTokens + result.generatedTokens).toBe(small.contextTokens);
  });

  it('ends at a stop text and leaves it out', async () => {
    const { text } = await engine.infer(question);

    const result = await engine.infer(question, { stop: ['never this', ' is'] });

    expect(result).toMatchObject({ finishReason: 'stop', stopText: ' is' });
    expect(result.text).toBe(text.slice(0, text.indexOf(' is')));
  });

  it('uses the chat template for prompts and messages alike, and not with raw', async () => {
    const [prompt, messages, raw] = [
      await engine.infer(question, { maxTokens: 1 }),
      await engine.infer([{ role: 'user', content: question }], { maxTokens: 1 }),
      await engine.infer(question, { maxTokens: 1, raw: true }),
    ];

    expect(messages.promptTokens).toBe(prompt.promptTokens);
    expect(raw.promptTokens).toBeLessThan(prompt.promptTokens);
  });

  it('renders a system message as the template of the model does', async () => {
    const template = `<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\n${question}<|im_end|>\n<|im_start|>assistant\n`;

    const chat = await engine.infer(question, { system: 'Be brief.', maxTokens: 20 });
    const raw = await engine.infer(template, { raw: true, maxTokens: 20 });

    expect(raw.promptTokens).toBe(chat.promptTokens);
    expect(raw.text).toBe(chat.text);
  });

  it('keeps what a conversation shares with the request before', async () => {
    const messages = [{ role: 'user' as const, content: question }];
    const first = await engine.infer(messages);

    const second = await engine.infer([
      ...messages,
      { role: 'assistant', content: first.text },
      { role: 'user', content: 'And of Germany?' },
    ]);

    expect(second.cachedTokens).toBeGreaterThanOrEqual(first.promptTokens);
    expect(second.text).toContain('Berlin');
  });

  it('gives the same answer for the same seed, and others for others', async () => {
    const options = { temperature: 1.5, maxTokens: 24 };
    const answers = [
      await engine.infer('Tell me a story.', { ...options, seed: 7 }),
      await engine.infer('Tell me a story.', { ...options, seed: 7 }),
      await engine.infer('Tell me a story.', { ...options, seed: 8 }),
    ].map(({ text }) => text);

    expect(answers[1]).toBe(answers[0]);
    expect(answers[2]).not.toBe(answers[0]);
  });

  it('names a prompt that does not fit, with both counts', async () => {
    await expect(engine.infer('word '.repeat(1000))).rejects.toMatchObject({
      code: 'PROMPT_TOO_LONG',
      detail: { promptTokens: expect.any(Number), contextTokens: 512 },
    });
    await expect(engine.infer(question)).resolves.toMatchObject({ finishReason: 'stop' });
  });

  it.each([
    { prompt: [], options: {} },
    { prompt: [{ role: 'user' as const, content: ' ' }], options: {} },
  ])('refuses messages that ask nothing: $prompt', async ({ prompt, options }) => {
    await expect(engine.infer(prompt, options)).rejects.toMatchObject({ code: 'PROMPT_EMPTY' });
  });

  it('takes no system message for a raw prompt', async () => {
    await expect(engine.infer('Hi', { raw: true, system: 'x' })).rejects.toBeInstanceOf(TypeError);
  });

  it.each(['', '  \n'])('refuses the empty prompt %j', async (prompt) => {
    await expect(engine.infer(prompt)).rejects.toMatchObject({ code: 'PROMPT_EMPTY' });
  });

  it.each([
    { temperature: -1 },
    { topP: 1.5 },
    { topK: -1 },
    { minP: 2 },
    { seed: -1 },
    { seed: 2 ** 32 },
    { seed: 1.5 },
    { topK: 1.5 },
    { maxTokens: 0 },
    { maxTokens: 1.5 },
    { temperature: Number.NaN },
  ])('refuses the option %j', async (options) => {
    await expect(engine.infer(question, options)).rejects.toBeInstanceOf(RangeError);
  });

  it('ends an answer at once when its signal fires, and answers the next request', async () => {
    const controller = new AbortController();
    const pieces: string[] = [];

    const reading = (async () => {
      const options = { raw: true, signal: controller.signal };
      for await (const { text } of engine.stream('Once upon a time', options)) {
        pieces.push(text);
        if (pieces.length === 3) controller.abort();
      }
    })();

    await expect(reading).rejects.toMatchObject({ name: 'AbortError' });
    expect(pieces).toHaveLength(3);
    await expect(engine.infer(question)).resolves.toMatchObject({ finishReason: 'stop' });
  });

  it('refuses a request whose signal has fired already', async () => {
    const signal = AbortSignal.abort();

    await expect(engine.infer(question, { signal })).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('ends the generation when its reader leaves the loop', async () => {
    for await (const piece of engine.stream('Once upon a time', { raw: true })) {
      if (piece.text !== '') break;
    }

    const startedAt = performance.now();
    const next = await engine.infer(question, { maxTokens: 1 });

    expect(next.generatedTokens).toBe(1);
    // 508 more tokens would take ten seconds and more: the story was not told to its end.
    expect(performance.now() - startedAt).toBeLessThan(8_000);
  });

  it('works through requests made at once, one after the other', async () => {
    const results = await Promise.all(
      ['France', 'Germany', 'Italy'].map((country) =>
        engine.infer(`What is the capital of ${country}?`),
      ),
    );

    expect(results.map(({ text }) => text)).toEqual([
      expect.stringContaining('Paris'),
      expect.stringContaining('Berlin'),
      expect.stringContaining('Rome'),
    ]);
  });

  it('counts answers, tokens and failures, and starts anew when asked to', async () => {
    engine.resetMetrics();
    const answer = await engine.infer(question);
    await expect(engine.infer('word '.repeat(1000))).rejects.toThrow();

    const metrics = engine.metrics();
    engine.resetMetrics();

    expect(metrics).toMatchObject({
      requests: 1,
      failures: 1,
      promptTokens: answer.promptTokens,
      generatedTokens: answer.generatedTokens,
      latency: { p50Ms: answer.totalMs, p99Ms: answer.totalMs, meanMs: answer.totalMs },
    });
    expect(engine.metrics()).toMatchObject({ requests: 0, failures: 0, latency: undefined });
  });
});

describe('InferenceEngine.load', () => {
  it('stops on a machine with a GPU that nothing can use, before anything is fetched', async () => {
    const host = createDataHost({
      commands: { [SMI_QUERY]: { stdout: smiLine() } },
    });
    const fetch = async (): Promise<never> => {
      throw new Error('nothing is to be fetched');
    };

    await expect(InferenceEngine.load(testModel, { host, fetch })).rejects.toMatchObject({
      code: 'GPU_RUNTIME_MISSING',
      detail: { gpus: ['Tesla T4'] },
    });
  });

  it.each([{ threads: Number.NaN }, { threads: 0 }, { contextTokens: -1 }, { contextTokens: 1.5 }])(
    'refuses %j before anything is fetched',
    async (options) => {
      await expect(
        InferenceEngine.load(testModel, { ...options, host: createDataHost() }),
      ).rejects.toBeInstanceOf(RangeError);
    },
  );

  it('names a system without a runtime before anything is fetched', async () => {
    const host = createDataHost({ arch: 'riscv64' });

    await expect(InferenceEngine.load(testModel, { host })).rejects.toMatchObject({
      code: 'RUNTIME_UNSUPPORTED',
    });
  });

  it.each([
    { bytes: 24, where: 'behind its header' },
    { bytes: 100_000, where: 'in its metadata' },
    { bytes: 50_000_000, where: 'in its tensors' },
  ])('names a model file that is cut off $where', async ({ bytes }) => {
    await using directory = await createTemporaryDirectory();
    const { pullModel } = await import('../../src/model/pull-model.ts');
    const { readFile } = await import('node:fs/promises');
    const { path } = await pullModel(testModel, { host: createTestHost() });
    const cut = join(directory.path, 'cut.gguf');
    await writeFile(cut, (await readFile(path)).subarray(0, bytes));

    await expect(InferenceEngine.load(cut, { host: createTestHost() })).rejects.toMatchObject({
      code: 'MODEL_FILE_INVALID',
      detail: { path: cut },
    });
  });

  it('ends on its signal while the model is being loaded', async () => {
    const signal = AbortSignal.timeout(400);

    const load = InferenceEngine.load(testModel, { host: createTestHost(), signal });

    await expect(load).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  it('fails requests under way when it is disposed of', async () => {
    const engine = await InferenceEngine.load(testModel, { host: createTestHost() });
    const reading = engine.infer('Once upon a time', { raw: true });
    const [failure] = await Promise.allSettled([reading, engine.dispose()]);
    await engine.dispose();

    expect(failure).toMatchObject({ status: 'rejected', reason: { code: 'RUNTIME_CRASHED' } });
  });
});
