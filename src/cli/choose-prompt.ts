import { LlcudaError } from '../errors/llcuda-error.ts';
import {
  findRegistryEntry,
  requireRegistryEntry,
  suggestNames,
} from '../model/find-registry-entry.ts';
import { loadRegistry } from '../model/load-registry.ts';
import { parseModelReference } from '../model/model-reference.ts';
import type { CliIo } from './cli-io.ts';
import { readInput } from './read-input.ts';

export interface ChosenPrompt {
  /** `undefined`: the default model. */
  readonly model: string | undefined;
  readonly prompt: string;
}

/**
 * Tells model and prompt apart in `run [model] [prompt]`. One argument is the model when it names one
 * (the prompt is then read from stdin), else the prompt. Stdin is read only when the prompt is
 * missing or `-`: a pipe that nobody closes must not hang a command that needs nothing from it.
 * Throws `PROMPT_EMPTY`, and `MODEL_UNKNOWN` for one word that is nearly a model's name.
 */
export async function choosePrompt(
  args: readonly string[],
  { stdin }: CliIo,
  signal: AbortSignal,
): Promise<ChosenPrompt> {
  const [first, second] = args;
  const input = { stdin, signal };
  if (second !== undefined) return withInput(first, second, input);
  if (first === undefined || first === '-') return withInput(undefined, undefined, input);
  if (await namesModel(first)) return withInput(first, undefined, input);
  return withInput(undefined, first, input);
}

async function namesModel(text: string): Promise<boolean> {
  if (/\s/.test(text) || text === '') return false;
  if (/^(?:hf:|https?:\/\/|~?\/|\.\.?\/)/i.test(text) || /\.gguf$/i.test(text)) return true;
  const registry = await loadRegistry();
  if (findRegistryEntry(registry, text)) return true;
  // A mistyped name is no prompt: say so instead of asking a model what it means.
  const isName = /[\d-]/.test(text) && suggestNames(registry, text).length > 0;
  if (isName) requireRegistryEntry(registry, text);
  return false;
}

async function withInput(
  model: string | undefined,
  prompt: string | undefined,
  { stdin, signal }: { readonly stdin: CliIo['stdin']; readonly signal: AbortSignal },
): Promise<ChosenPrompt> {
  if (model !== undefined) parseModelReference(model);
  const isMissing = prompt === undefined || prompt === '-';
  const text = isMissing && stdin.isTTY !== true ? await readInput(stdin, signal) : (prompt ?? '');
  if (text.trim() !== '' && !(isMissing && stdin.isTTY === true)) return { model, prompt: text };
  throw new LlcudaError('PROMPT_EMPTY', 'There is no prompt', {
    detail: {},
    hint: 'Give it as an argument, llcuda run "...", or pipe it in.',
  });
}
