#!/usr/bin/env node
import { readFileSync } from 'node:fs';

// Asked for by scripts, often: answered before anything else is loaded.
const [first] = process.argv.slice(2);
if (first === '--version' || first === '-V') {
  const url = new URL('../../package.json', import.meta.url);
  const { version }: { version: string } = JSON.parse(readFileSync(url, 'utf8'));
  process.stdout.write(`${version}\n`);
} else {
  const { runProcess } = await import('./run-process.ts');
  await runProcess();
}
