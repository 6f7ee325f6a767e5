// Speed through InferenceEngine (a child process) against node-llama-cpp called directly in this
// process: same model, prompt, threads, greedy, in turn. Limits: 0.97 of its tokens/s, 5 ms more to the
// first token.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { InferenceEngine, createNodeHost, pullModel } from '../dist/index.js';
import { ensureEmbeddedRuntime } from '../dist/runtime/embedded/ensure-embedded-runtime.js';
import { median, record, round } from './support/record.mjs';

const RUNS = 15;
const TOKENS = 128;
const THREADS = 2;
const CONTEXT_TOKENS = 1024;

const host = createNodeHost();
const { path } = await pullModel('smollm2-135m', { host });
const { directory } = await ensureEmbeddedRuntime({ host, onProgress: () => undefined });

const engine = await InferenceEngine.load(path, {
  threads: THREADS,
  contextTokens: CONTEXT_TOKENS,
  gpu: 'off',
});
const direct = await loadDirect();

// Different beginnings: neither side can reuse the context of the run before.
const prompts = Array.from(
  { length: RUNS + 1 },
  (_, run) => `Chapter ${run + 1}. Once upon a time, in a land far away, there lived`,
);
const samples = { engine: [], direct: [] };
for (const [index, prompt] of prompts.entries()) {
  const pair = { engine: await measureEngine(prompt), direct: await measureDirect(prompt) };
  if (pair.engine.text !== pair.direct.text) throw new Error('The two sides answered differently');
  if (index === 0) continue;
  samples.engine.push(pair.engine);
  samples.direct.push(pair.direct);
}
await engine.dispose();
await direct.llama.dispose();

const ratios = samples.engine.map((own, index) => own.speed / samples.direct[index].speed);
const delays = samples.engine.map((own, index) => own.firstMs - samples.direct[index].firstMs);
const results = {
  tokensPerSecond: {
    engine: round(median(samples.engine.map(({ speed }) => speed))),
    direct: round(median(samples.direct.map(({ speed }) => speed))),
    medianRatio: round(median(ratios), 3),
    atLeast: 0.97,
    isMet: median(ratios) >= 0.97,
  },
  timeToFirstTokenMs: {
    engine: round(median(samples.engine.map(({ firstMs }) => firstMs))),
    direct: round(median(samples.direct.map(({ firstMs }) => firstMs))),
    medianDifference: round(median(delays), 2),
    atMost: 5,
    isMet: median(delays) <= 5,
  },
};
record('engine', { runs: RUNS, tokens: TOKENS, threads: THREADS, results }, results);

async function loadDirect() {
  const entry = createRequire(join(directory, 'package.json')).resolve('node-llama-cpp');
  const { getLlama, LlamaCompletion } = await import(pathToFileURL(entry).href);
  const llama = await getLlama({
    gpu: false,
    build: 'never',
    progressLogs: false,
    maxThreads: THREADS,
    logLevel: 'error',
  });
  const model = await llama.loadModel({ modelPath: path });
  const options = { contextSize: CONTEXT_TOKENS, threads: THREADS, sequences: 1 };
  const context = await model.createContext(options);
  const completion = new LlamaCompletion({ contextSequence: context.getSequence() });
  return { llama, model, completion };
}

async function measureEngine(prompt) {
  const startedAt = performance.now();
  let firstAt;
  let text = '';
  const options = { raw: true, temperature: 0, maxTokens: TOKENS };
  for await (const piece of engine.stream(prompt, options)) {
    firstAt ??= performance.now();
    text += piece.text;
  }
  return describe(startedAt, firstAt, text);
}

async function measureDirect(prompt) {
  const startedAt = performance.now();
  let firstAt;
  let text = '';
  await direct.completion.generateCompletion(direct.model.tokenize(prompt, true), {
    temperature: 0,
    maxTokens: TOKENS,
    onTextChunk: (chunk) => {
      firstAt ??= performance.now();
      text += chunk;
    },
  });
  return describe(startedAt, firstAt, text);
}

function describe(startedAt, firstAt, text) {
  const steadyMs = performance.now() - firstAt;
  return { text, firstMs: firstAt - startedAt, speed: ((TOKENS - 1) / steadyMs) * 1000 };
}
