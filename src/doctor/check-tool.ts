import type { ToolFacts, ToolName } from '../probe/facts/tool-facts.ts';
import type { CheckOutcome } from './check.ts';
import { isBuildUseful, type CheckContext } from './check-context.ts';
import { createInstallCommand, type PackageNames } from './install-command.ts';

export interface WantedTool {
  /** Any of them will do; the first is the one to install. */
  readonly names: readonly ToolName[];
  /** What it is for: `Without it llama.cpp cannot be built`. */
  readonly why: string;
  readonly packages: PackageNames;
}

/** A tool of a build. It is missed only where a build is what this host lacks. */
export function checkTool(
  context: CheckContext,
  { names, why, packages }: WantedTool,
): CheckOutcome {
  const found = findTools(context, names);
  if (found.length > 0) {
    return { status: 'ok', summary: `${found.map((tool) => describeTool(tool)).join(', ')}.` };
  }
  const [name] = names;
  if (!isBuildUseful(context)) {
    return { status: 'skip', summary: `There is no ${name}, and nothing to build.` };
  }
  return {
    status: 'warn',
    summary: `There is no ${names.join(' or ')}. ${why}.`,
    fix: `Install ${name}.`,
    commands: [createInstallCommand(context.facts.platform, packages)],
  };
}

export function findTools(
  { facts }: CheckContext,
  names: readonly ToolName[],
): readonly ToolFacts[] {
  return facts.tools.filter(({ name, path }) => path !== undefined && names.includes(name));
}

function describeTool({ name, version }: ToolFacts): string {
  return version === undefined ? name : `${name} ${version}`;
}
