import { Command as Program, CommanderError, Option } from 'commander';
import { LlcudaError } from '../errors/llcuda-error.ts';
import { stripControlCharacters } from '../units/strip-control-characters.ts';
import type { AnyCommand, FlagSpec } from './command.ts';
import { globalFlags } from './global-flags.ts';
import { parseFlagValue } from './parse-flag-value.ts';

/** What the command line asks for: a command to run, or help to print. */
export type ParsedCommandLine =
  | {
      readonly kind: 'command';
      readonly command: AnyCommand;
      readonly args: readonly string[];
      readonly flags: Readonly<Record<string, unknown>>;
    }
  | { readonly kind: 'help'; readonly text: string };

/** Reads the arguments after the program's name. Throws `USAGE_INVALID`. */
export function parseCommandLine(
  commands: readonly AnyCommand[],
  argv: readonly string[],
  columns: number,
): ParsedCommandLine {
  let help = '';
  let parsed: ParsedCommandLine | undefined;
  const program = new Program('llcuda')
    .description('Runs GGUF models through llama.cpp on any NVIDIA machine.')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help for a command')
    // Never reached: main.ts answers it first. Here for the help.
    .option('-V, --version', 'print the version')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => (help += text),
      writeErr: () => undefined,
      getOutHelpWidth: () => columns,
    });
  for (const command of commands) {
    addCommand(program, command, (args, flags) => {
      parsed = { kind: 'command', command, args, flags };
    });
  }
  if (argv.length === 0) return { kind: 'help', text: program.helpInformation() };
  try {
    program.parse(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0 && error.code !== 'commander.help') throw asUsageError(error);
  }
  return parsed ?? { kind: 'help', text: help === '' ? program.helpInformation() : help };
}

function addCommand(
  program: Program,
  command: AnyCommand,
  onParsed: (args: readonly string[], flags: Record<string, unknown>) => void,
): void {
  const sub = program
    .command(command.name)
    .summary(command.summary)
    .description(command.summary)
    .copyInheritedSettings(program);
  for (const { name, summary, isRequired, isVariadic } of command.arguments) {
    const placeholder = isVariadic === true ? `${name}...` : name;
    sub.argument(isRequired === true ? `<${placeholder}>` : `[${placeholder}]`, summary);
  }
  const flags: Record<string, FlagSpec> = { ...command.flags, ...globalFlags };
  const options = Object.entries(flags).map(([name, spec]) => createOption(name, spec));
  for (const option of options) sub.addOption(option);
  const examples = command.examples.map(({ line, does }) => `  ${line}\n      ${does}`);
  sub.addHelpText('after', `\nExamples:\n${examples.join('\n')}`);
  sub.action(() => {
    const values = Object.keys(flags).map((name, index) => [name, valueOf(sub, options[index])]);
    onParsed(sub.args, Object.fromEntries(values));
  });
}

function createOption(name: string, spec: FlagSpec): Option {
  const kebab = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const value = spec.type === 'boolean' ? '' : ` <${spec.placeholder ?? defaultPlaceholder(spec)}>`;
  const short = spec.short === undefined ? '' : `-${spec.short}, `;
  const option = new Option(`${short}--${kebab}${value}`, spec.summary);
  if (spec.type === 'boolean') return option;
  return option.argParser((text: string, previous: unknown) => {
    const parsed = parseFlagValue(`--${kebab}`, text, spec);
    return spec.type === 'list' ? [...(Array.isArray(previous) ? previous : []), parsed] : parsed;
  });
}

/** Commander keeps `--no-color` as `color`, true unless it is given; here it is `noColor`. */
function valueOf(program: Program, option: Option | undefined): unknown {
  if (!option) return undefined;
  const value: unknown = program.getOptionValue(option.attributeName());
  return option.negate ? value === false : value;
}

function defaultPlaceholder({ type, choices }: FlagSpec): string {
  if (choices) return choices.join('|');
  return type === 'number' || type === 'integer' ? 'number' : 'text';
}

function asUsageError(error: CommanderError): LlcudaError {
  const message = error.message.replace(/^error: /, '');
  const [what = message, ...more] = message.split('\n');
  const suggestion = more.join(' ').replace(/^\(|\)$/g, '');
  return new LlcudaError('USAGE_INVALID', stripControlCharacters(what), {
    detail: {},
    hint: suggestion === '' ? 'Run `llcuda help` for what there is.' : suggestion,
    cause: error,
  });
}
