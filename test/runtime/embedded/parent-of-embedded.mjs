// A parent that starts the embedded runtime, begins a long answer, prints the child's pid and goes on. With a
// number of characters it prints the pid before the tokenizer goes to work on a prompt of that length.
import { startEmbeddedProcess } from '../../../dist/runtime/embedded/start-embedded-process.js';

const [runtimeDirectory, modelPath, promptCharacters] = process.argv.slice(2);
const embedded = await startEmbeddedProcess({ runtimeDirectory, gpu: 'off', maxThreads: 2 });
for await (const message of embedded.request({ type: 'load', modelPath, contextTokens: 4096 })) {
  if (message.type !== 'loaded') throw new Error(JSON.stringify(message));
}
const sampling = { temperature: 0, topP: 1, topK: 0, minP: 0, seed: 1 };
const isHuge = promptCharacters !== undefined;
const text = isHuge ? 'word '.repeat(Number(promptCharacters) / 5) : 'Once upon a time';
const input = { text };
if (isHuge) process.stdout.write(`${embedded.pid}\n`);
const request = { type: 'generate', input, sampling, maxTokens: 3000, stop: [] };
let isTold = false;
for await (const message of embedded.request(request)) {
  if (message.type === 'token' && !isTold) process.stdout.write(`${embedded.pid}\n`);
  isTold ||= message.type === 'token';
}
