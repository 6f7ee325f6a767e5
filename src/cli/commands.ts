import type { AnyCommand } from './command.ts';
import { buildCommand } from './commands/build.ts';
import { chatCommand } from './commands/chat.ts';
import { doctorCommand } from './commands/doctor.ts';
import { explainCommand } from './commands/explain.ts';
import { inspectCommand } from './commands/inspect.ts';
import { modelsCommand } from './commands/models.ts';
import { pullCommand } from './commands/pull.ts';
import { runCommand } from './commands/run.ts';

/** Every command, in the order of the help. */
export const commands: readonly AnyCommand[] = [
  runCommand,
  chatCommand,
  modelsCommand,
  pullCommand,
  doctorCommand,
  inspectCommand,
  explainCommand,
  buildCommand,
];
