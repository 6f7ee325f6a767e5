import type { LogExplanation } from '../../doctor/explain/explain-log.ts';
import { LlcudaError } from '../../errors/llcuda-error.ts';
import { defineCommand, type AnyCommand } from '../command.ts';
import { formatExplanation } from '../output/format-explanation.ts';

const flags = {
  for: {
    type: 'list',
    placeholder: 'target',
    summary: 'the GPU and driver that the log is from, or host; may be given again',
  },
  from: {
    type: 'string',
    placeholder: 'file',
    summary: 'the machine that the log is from, as `llcuda doctor --snapshot` wrote it',
  },
  binary: {
    type: 'list',
    placeholder: 'path',
    summary: 'the program or library that failed: it is judged for that device',
  },
} as const;

export const explainCommand: AnyCommand = defineCommand({
  name: 'explain',
  summary: 'tell what an error log means, and what to do; exit code 1 if nothing in it is known',
  arguments: [{ name: 'log', summary: 'file; stdin without it or with -' }],
  flags,
  examples: [
    { line: 'llama-server -m model.gguf 2>&1 | llcuda explain', does: 'from a pipe' },
    {
      line: 'llcuda explain error.log --for t4,driver=550.54.15 --binary libggml-cuda.so',
      does: 'with the verdict on the binary that failed',
    },
    {
      line: 'llcuda explain error.log --from host.json',
      does: 'for the GPU and driver of a snapshot',
    },
    { line: 'llcuda explain error.log --json', does: 'as one JSON document' },
  ],
  run: async ({ args: [path], flags: values }, { host, fetch, io, signal }) => {
    if (values.from !== undefined && (values.for ?? values.binary) !== undefined) {
      throw new LlcudaError(
        'USAGE_INVALID',
        '--from does not go together with --for and --binary',
        {
          detail: { argument: '--from' },
          hint: 'A snapshot has both: leave the others out.',
        },
      );
    }
    const { readLog } = await import('../explain/read-log.ts');
    const { explainOnDevices } = await import('../explain/explain-on-devices.ts');
    const { workingDirectory } = host;
    const log = await readLog(path, { stdin: io.stdin, workingDirectory, signal });
    return explainOnDevices(log, {
      host,
      fetch,
      signal,
      targets: values.for ?? [],
      snapshot: values.from,
      binaries: values.binary ?? [],
    });
  },
  render: (explanation: LogExplanation, theme) => formatExplanation(explanation, theme),
  exitCode: ({ isExplained }) => (isExplained ? 0 : 1),
});
