import type { AnyCommand } from './command.ts';
import { buildCommand } from './commands/build.ts';
import { chatCommand } from './commands/chat.ts';
import { doctorCommand } from './commands/doctor.ts';
import { explainCommand } from './commands/explain.ts';
import { gcCommand } from './commands/gc.ts';
import { indexCommand } from './commands/index.ts';
import { inspectCommand } from './commands/inspect.ts';
import { installCommand } from './commands/install.ts';
import { modelsCommand } from './commands/models.ts';
import { packCommand } from './commands/pack.ts';
import { pullCommand } from './commands/pull.ts';
import { removeCommand } from './commands/remove.ts';
import { rollbackCommand } from './commands/rollback.ts';
import { runCommand } from './commands/run.ts';
import { runtimesCommand } from './commands/runtimes.ts';
import { useCommand } from './commands/use.ts';

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
  packCommand,
  indexCommand,
  installCommand,
  runtimesCommand,
  useCommand,
  rollbackCommand,
  removeCommand,
  gcCommand,
];
