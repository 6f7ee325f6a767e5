import { errorCatalogue } from '../../errors/error-catalogue.ts';
import { LlcudaError } from '../../errors/llcuda-error.ts';
import type { Extraction } from '../../extract/extract-images.ts';
import {
  defineCommand,
  type AnyCommand,
  type CommandContext,
  type FlagValues,
} from '../command.ts';
import type { MatrixReport } from '../inspect/create-matrices.ts';
import type { InspectionReport } from '../inspect/inspect-target.ts';
import { parseCudaEnvironment } from '../inspect/parse-cuda-environment.ts';
import { formatExtraction } from '../output/format-extraction.ts';
import { formatInspection, isFailedInspection } from '../output/format-inspection.ts';
import { formatMatrices } from '../output/format-matrices.ts';

const flags = {
  for: {
    type: 'list',
    placeholder: 'target',
    summary: 'judge for this GPU and driver, or for host; may be given again',
  },
  cudaEnv: {
    type: 'list',
    placeholder: 'name=value',
    summary: 'CUDA_FORCE_PTX_JIT=1 or CUDA_DISABLE_PTX_JIT=1 is set there',
  },
  deep: { type: 'boolean', summary: 'decode every image and say which cannot be' },
  download: { type: 'boolean', summary: 'fetch a URL whole, not by ranges' },
  dumpPtx: { type: 'boolean', summary: 'print the PTX, nothing else' },
  extract: {
    type: 'string',
    placeholder: 'folder',
    summary: 'write every image as a file into a new folder',
  },
  matrix: { type: 'boolean', summary: 'judge for many GPUs and drivers at once' },
  markdown: { type: 'boolean', summary: 'with --matrix: print it in Markdown' },
} as const;

type Flags = FlagValues<typeof flags>;

/** What one of the four ways of the command gives. */
type Result =
  | { readonly kind: 'report'; readonly document: InspectionReport }
  | { readonly kind: 'matrix'; readonly document: MatrixReport; readonly isMarkdown: boolean }
  | { readonly kind: 'extraction'; readonly document: Extraction }
  | { readonly kind: 'ptx'; readonly document: undefined };

export const inspectCommand: AnyCommand = defineCommand({
  name: 'inspect',
  summary: 'list the GPU code in binaries, and tell whether it runs on a GPU and driver',
  arguments: [
    {
      name: 'path',
      summary: 'file, folder, archive, https URL or npm:NAME@VERSION',
      isRequired: true,
      isVariadic: true,
    },
  ],
  flags,
  examples: [
    {
      line: 'llcuda inspect libggml-cuda.so --for t4,driver=550.54.15',
      does: 'whether it runs on that GPU with that driver; exit code 1 if not',
    },
    { line: 'llcuda inspect build/bin --for host --json', does: 'a folder, for this machine' },
    { line: 'llcuda inspect libggml-cuda.so --matrix', does: 'many GPUs and drivers at once' },
    {
      line: 'llcuda inspect npm:@node-llama-cpp/linux-x64-cuda@3.22.1',
      does: 'the binaries in a package; nothing is installed',
    },
  ],
  run: async ({ args, flags: values }, context): Promise<Result> => {
    checkCombination(values, context);
    return inspect(args, values, context);
  },
  document: ({ document }) => document,
  render: (result, { columns }) => render(result, Math.min(columns, MAXIMUM_COLUMNS)),
  exitCode: (result) => findExitCode(result),
});

/** Sentences get hard to read when they are longer. */
const MAXIMUM_COLUMNS = 80;

/** Imports what a way needs only here: other commands, and the help, start without it. */
async function inspect(
  paths: readonly string[],
  values: Flags,
  { host, fetch, signal, onProgress, io }: CommandContext,
): Promise<Result> {
  const { deep, download } = values;
  const options = { host, fetch, signal, onProgress, deep, download };
  if (values.dumpPtx === true) {
    const { printPtx } = await import('../inspect/print-ptx.ts');
    await printPtx(paths, io, options);
    return { kind: 'ptx', document: undefined };
  }
  if (values.extract !== undefined) {
    const { extractImages } = await import('../../extract/extract-images.ts');
    return { kind: 'extraction', document: await extractImages(paths, values.extract, options) };
  }
  if (values.matrix === true) {
    const { createMatrices } = await import('../inspect/create-matrices.ts');
    const isMarkdown = values.markdown === true;
    return { kind: 'matrix', document: await createMatrices(paths, options), isMarkdown };
  }
  const environment = parseCudaEnvironment(values.cudaEnv ?? []);
  const [{ resolveInspectTargets }, { inspectPaths }] = await Promise.all([
    import('../inspect/resolve-inspect-targets.ts'),
    import('../inspect/inspect-paths.ts'),
  ]);
  const targets = await resolveInspectTargets(values.for ?? [], { host, environment, signal });
  return { kind: 'report', document: await inspectPaths(paths, { ...options, targets }) };
}

function render(result: Result, columns: number): string {
  switch (result.kind) {
    case 'report':
      return formatInspection(result.document, columns);
    case 'matrix':
      return formatMatrices(result.document, { style: result.isMarkdown ? 'markdown' : 'text' });
    case 'extraction':
      return formatExtraction(result.document, columns);
    case 'ptx':
      return '';
    default:
      return result satisfies never;
  }
}

function findExitCode(result: Result): number {
  switch (result.kind) {
    case 'report':
      return isFailedInspection(result.document.files)
        ? 1
        : findUnreadableExitCode(result.document.files);
    case 'matrix':
      return findUnreadableExitCode(result.document.files);
    case 'extraction':
      return result.document.skipped.some(({ code }) => code !== 'BINARY_UNSUPPORTED') ? 1 : 0;
    case 'ptx':
      return 0;
    default:
      return result satisfies never;
  }
}

/** A file that could not be read was not judged. One of a format that llcuda does not know counts if there is no other. */
function findUnreadableExitCode(files: InspectionReport['files'] | MatrixReport['files']): number {
  const errors = files.flatMap((file) => ('error' in file ? [file.error.code] : []));
  const worst =
    errors.find((code) => code !== 'BINARY_UNSUPPORTED') ??
    (errors.length === files.length ? errors[0] : undefined);
  return worst === undefined ? 0 : errorCatalogue[worst].exitCode;
}

/** The ways of the command exclude each other. */
function checkCombination(values: Flags, { isJson }: CommandContext): void {
  const { dumpPtx, extract, matrix, markdown, deep, cudaEnv = [] } = values;
  const targets = values.for ?? [];
  const ways = [
    ...(dumpPtx === true ? ['--dump-ptx'] : []),
    ...(extract === undefined ? [] : ['--extract']),
    ...(matrix === true ? ['--matrix'] : []),
  ];
  const [way, other] = ways;
  if (way !== undefined && other !== undefined) throw conflict(way, other);
  if (way !== undefined && targets.length > 0) throw conflict(way, '--for');
  if (way !== undefined && deep === true) throw conflict(way, '--deep');
  if (dumpPtx === true && isJson) throw conflict('--dump-ptx', '--json');
  if (markdown === true && matrix !== true) throw needs('--markdown', '--matrix');
  if (markdown === true && isJson) throw conflict('--markdown', '--json');
  if (cudaEnv.length > 0 && targets.length === 0) throw needs('--cuda-env', '--for');
}

function conflict(flag: string, other: string): LlcudaError {
  return new LlcudaError('USAGE_INVALID', `${flag} does not go together with ${other}`, {
    detail: { argument: other },
    hint: 'Give them in two runs.',
  });
}

function needs(flag: string, other: string): LlcudaError {
  return new LlcudaError('USAGE_INVALID', `${flag} means nothing without ${other}`, {
    detail: { argument: flag },
    hint: `Add ${other}.`,
  });
}
