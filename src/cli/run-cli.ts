import { describeError } from '../errors/describe-error.ts';
import { errorCatalogue } from '../errors/error-catalogue.ts';
import type { Host } from '../host/host.ts';
import { createFetch } from '../net/create-fetch.ts';
import type { CliIo, OutputStream } from './cli-io.ts';
import { commands } from './commands.ts';
import type { Interrupts } from './interrupts.ts';
import { createProgressReporter } from './output/create-progress-reporter.ts';
import { formatError, formatErrorJson } from './output/format-error.ts';
import { createTheme, type Theme } from './output/theme.ts';
import { parseCommandLine, type ParsedCommandLine } from './parse-command-line.ts';

const DEFAULT_COLUMNS = 80;

export interface CliEnvironment {
  readonly host: Host;
  readonly io: CliIo;
  readonly interrupts: Interrupts;
}

/** Runs one command line and gives the exit code. Never throws: every failure is printed. */
export async function runCli(
  argv: readonly string[],
  environment: CliEnvironment,
): Promise<number> {
  const { io, host } = environment;
  const isJson = hasFlag(argv, '--json');
  const theme = createTheme({
    isColored: isColored(io.stderr, host.env) && !hasFlag(argv, '--no-color'),
    columns: io.stderr.columns,
  });
  try {
    const parsed = parseCommandLine(commands, argv, io.stdout.columns ?? DEFAULT_COLUMNS);
    if (parsed.kind === 'command') return await execute(parsed, environment, theme);
    io.stdout.write(parsed.text);
    return 0;
  } catch (error) {
    if (isJson) io.stdout.write(formatErrorJson(error));
    else io.stderr.write(formatError(error, theme, hasFlag(argv, '--verbose')));
    return exitCodeOf(error);
  }
}

async function execute(
  { command, args, flags }: Extract<ParsedCommandLine, { kind: 'command' }>,
  { host, io, interrupts }: CliEnvironment,
  theme: Theme,
): Promise<number> {
  const isJson = flags['json'] === true;
  const isQuiet = flags['quiet'] === true;
  const progress = createProgressReporter(io.stderr, { isQuiet, columns: theme.columns });
  try {
    const { result, text, exitCode } = await command.execute(
      { args, flags },
      {
        host,
        io,
        theme,
        interrupts,
        isJson,
        isQuiet,
        isVerbose: flags['verbose'] === true,
        fetch: createFetch(host),
        signal: interrupts.signal,
        onProgress: progress.report,
        clearProgress: progress.clear,
      },
    );
    progress.clear();
    io.stdout.write(isJson ? `${JSON.stringify(result, null, 2)}\n` : text);
    return exitCode;
  } finally {
    progress.clear();
  }
}

/** A second copy of llcuda may throw a code that this one does not know. */
function exitCodeOf(error: unknown): number {
  const known = new Map<string, { readonly exitCode: number }>(Object.entries(errorCatalogue));
  return (known.get(describeError(error).code) ?? errorCatalogue.INTERNAL).exitCode;
}

/** Looks at the raw arguments, since an error in them is to be printed in the form asked for. */
function hasFlag(argv: readonly string[], flag: string): boolean {
  const end = argv.indexOf('--');
  return (end === -1 ? argv : argv.slice(0, end)).includes(flag);
}

/** https://no-color.org: any value that is not empty switches colour off. */
function isColored(stream: OutputStream, env: Host['env']): boolean {
  if (env['NO_COLOR']) return false;
  return env['FORCE_COLOR'] ? env['FORCE_COLOR'] !== '0' : stream.isTTY === true;
}
