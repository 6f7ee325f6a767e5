// Peak memory of the process that streams 1,000 tokens through InferenceEngine. Limit: 120 MB.
import { InferenceEngine } from '../dist/index.js';
import { record, round } from './support/record.mjs';

const TOKENS = 1_000;

const engine = await InferenceEngine.load('smollm2-135m', { gpu: 'off', contextTokens: 2048 });
let generatedTokens = 0;
// A story may come to its end early: the next one begins then.
for (let seed = 1; generatedTokens < TOKENS; seed += 1) {
  const maxTokens = TOKENS - generatedTokens;
  const options = { raw: true, temperature: 0.8, seed, maxTokens };
  for await (const { result } of engine.stream('Once upon a time', options)) {
    generatedTokens += result?.generatedTokens ?? 0;
  }
}
await engine.dispose();

// maxRSS is in kibibytes.
const peakMegabytes = round((process.resourceUsage().maxRSS * 1024) / 1e6);
const results = {
  generatedTokens,
  peakMegabytes,
  atMostMegabytes: 120,
  isMet: peakMegabytes < 120,
};
record('memory', { results }, [results]);
