import type { ProgressSink } from '../events/progress-event.ts';
import type { Host } from '../host/host.ts';
import type { HttpFetch } from '../net/http-fetch.ts';
import type { CliIo } from './cli-io.ts';
import type { Interrupts } from './interrupts.ts';
import type { Theme } from './output/theme.ts';

export interface FlagSpec {
  readonly type: 'string' | 'boolean' | 'number' | 'integer' | 'list';
  readonly summary: string;
  /** One letter, for flags that other programs have it for too: `o` is `-o`. */
  readonly short?: string;
  /** What stands for the value in the help. */
  readonly placeholder?: string;
  readonly choices?: readonly string[];
  /** Limits of a number, both allowed. */
  readonly minimum?: number;
  readonly maximum?: number;
}

export interface ArgumentSpec {
  readonly name: string;
  readonly summary: string;
  readonly isRequired?: boolean;
  /** Takes all the arguments that are left. Only the last one can. */
  readonly isVariadic?: boolean;
}

interface FlagTypes {
  readonly string: string;
  readonly boolean: boolean;
  readonly number: number;
  readonly integer: number;
  readonly list: readonly string[];
}

type FlagValue<Flag extends FlagSpec> = Flag extends { choices: readonly (infer Choice)[] }
  ? Choice
  : FlagTypes[Flag['type']];

/** A flag that is not given is `undefined`. */
export type FlagValues<Flags extends Record<string, FlagSpec>> = {
  readonly [Name in keyof Flags]: FlagValue<Flags[Name]> | undefined;
};

export interface CommandContext {
  readonly host: Host;
  readonly fetch: HttpFetch;
  readonly io: CliIo;
  readonly theme: Theme;
  /** Aborted by Ctrl+C, unless the command handles that itself through `interrupts`. */
  readonly signal: AbortSignal;
  readonly interrupts: Interrupts;
  readonly onProgress: ProgressSink;
  /** Puts away the live line of progress: to be called before text is streamed to the terminal. */
  readonly clearProgress: () => void;
  /** Whether the result is printed as one JSON document: nothing else may go to stdout. */
  readonly isJson: boolean;
  readonly isQuiet: boolean;
  /** Whether all that is known is to be printed. */
  readonly isVerbose: boolean;
}

/** A command is data plus one function. Help, reference and `--json` come from the data. */
export interface Command<Flags extends Record<string, FlagSpec>, Result> {
  readonly name: string;
  readonly summary: string;
  readonly arguments: readonly ArgumentSpec[];
  /** Keys are camelCase; the command line has them in kebab-case. */
  readonly flags: Flags;
  readonly examples: readonly { readonly line: string; readonly does: string }[];
  readonly run: (
    input: { readonly args: readonly string[]; readonly flags: FlagValues<Flags> },
    context: CommandContext,
  ) => Promise<Result>;
  /** What `--json` prints. @defaultValue the result itself */
  readonly document?: (result: Result) => unknown;
  /** Human form of the result, printed to stdout without `--json`. */
  readonly render: (result: Result, theme: Theme) => string;
  /** Of a command that came to its end: 1 for a failed check or verdict. @defaultValue 0 */
  readonly exitCode?: (result: Result) => number;
}

/** A command whose types are known only to itself: what the registry holds. */
export type AnyCommand = Omit<
  Command<Record<string, FlagSpec>, unknown>,
  'run' | 'document' | 'render' | 'exitCode'
> & {
  /** Runs the command on unchecked values and gives what to print and the exit code. */
  execute(
    input: { readonly args: readonly string[]; readonly flags: Readonly<Record<string, unknown>> },
    context: CommandContext,
  ): Promise<{ readonly result: unknown; readonly text: string; readonly exitCode: number }>;
};

export function defineCommand<const Flags extends Record<string, FlagSpec>, Result>(
  command: Command<Flags, Result>,
): AnyCommand {
  const { run, document, render, exitCode, ...data } = command;
  return {
    ...data,
    async execute({ args, flags }, context) {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- The values were parsed by the very specs that `Flags` is made of.
      const result = await run({ args, flags: flags as FlagValues<Flags> }, context);
      return {
        result: document === undefined ? result : document(result),
        text: context.isJson ? '' : render(result, context.theme),
        exitCode: exitCode?.(result) ?? 0,
      };
    },
  };
}
