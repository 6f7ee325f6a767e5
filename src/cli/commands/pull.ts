import { defineCommand, type AnyCommand } from '../command.ts';

export const pullCommand: AnyCommand = defineCommand({
  name: 'pull',
  summary: 'fetch a model, check it, and print where it is',
  arguments: [
    {
      name: 'model',
      summary: 'registry name, hf:owner/repo:file.gguf, or https URL (#sha256=... pins it)',
      isRequired: true,
    },
  ],
  flags: {},
  examples: [
    { line: 'llcuda pull smollm2-135m', does: 'a model of the registry, pinned by its SHA-256' },
    {
      line: 'llcuda pull hf:bartowski/Llama-3.2-1B-Instruct-GGUF:Llama-3.2-1B-Instruct-Q4_K_M.gguf',
      does: 'any file of the hub, checked against the SHA-256 that the hub gives',
    },
  ],
  async run({ args: [reference = ''] }, { host, fetch, signal, onProgress }) {
    // Imported here: other commands, and the help, start without it.
    const { pullModel } = await import('../../model/pull-model.ts');
    const { name, path, wasPresent } = await pullModel(reference, {
      host,
      fetch,
      signal,
      onProgress,
    });
    return { name, path, wasPresent };
  },
  render: ({ path }) => `${path}\n`,
});
