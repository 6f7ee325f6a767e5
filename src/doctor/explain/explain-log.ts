import type { HostDevice } from '../../compat/host-device.ts';
import type { FileReport } from '../../inspect/inspect-report.ts';
import { formatBytes } from '../../units/format-bytes.ts';
import { formatComputeCapability } from '../../units/compute-capability.ts';
import { createFactCollector, type LogFacts } from './collect-facts.ts';
import { describeCase } from './describe-case.ts';
import { fillCommand, fillTemplate, type TemplateValues } from './fill-template.ts';
import { findLogDevices } from './find-log-devices.ts';
import { createSuspicionCollector } from './find-suspicious-lines.ts';
import type { KnownErrorRole } from './known-error.ts';
import { knownErrors } from './known-errors.ts';
import { createLogText, type LogText } from './log-text.ts';
import { createLogMatcher, type LogMatch } from './match-log.ts';
import { splitLog, type LogLine } from './split-log.ts';

export interface ExplainLogOptions {
  /** The machine that the log is from, once for each kind of GPU. @defaultValue what the log itself names */
  readonly devices?: readonly HostDevice[] | undefined;
  /** Reports of `inspectBinary` on the binaries that ran; with its `for` they have a verdict. */
  readonly binaries?: readonly Pick<FileReport, 'path' | 'images' | 'verdict'>[] | undefined;
}

/** What `llcuda explain --json` prints. Fields without a value are left out. */
export interface LogExplanation {
  readonly schemaVersion: 1;
  /** Whether the log holds a known message that explains a failure: warnings do not count. */
  readonly isExplained: boolean;
  /** The likely cause first. */
  readonly errors: readonly ExplainedError[];
  /** Lines that look like errors; empty when the log is explained. */
  readonly suspiciousLines: readonly LogLine[];
  readonly facts: LogFacts;
  /** Characters in the middle of a very long log that were not examined. */
  readonly skippedCharacters: number;
}

export interface ExplainedError {
  readonly id: string;
  readonly title: string;
  readonly role: KnownErrorRole;
  /** The number of the CUDA runtime, where it is one. */
  readonly cudaError?: number;
  readonly cause: string;
  /** What it means on this machine, with this binary. */
  readonly here: readonly string[];
  readonly fix: string;
  readonly commands: readonly string[];
  /** The first lines that say it. */
  readonly lines: readonly LogLine[];
  /** How many lines say it. */
  readonly count: number;
  /** Public threads and source files that have the message. */
  readonly sources: readonly string[];
}

/**
 * Finds the messages in a log that llcuda knows, and says what each means and what to do. Any text gives a result, in
 * time that grows with its length. Never throws.
 */
export function explainLog(log: string | LogText, options: ExplainLogOptions = {}): LogExplanation {
  const { binaries = [] } = options;
  const text = typeof log === 'string' ? createLogText(log) : log;
  const matcher = createLogMatcher(knownErrors);
  const suspicion = createSuspicionCollector();
  const collector = createFactCollector();
  for (const line of splitLog(text)) {
    matcher.add(line);
    suspicion.add(line);
    collector.add(line);
  }
  const matches = matcher.finish();
  const facts = collector.finish();
  const devices = options.devices ?? findLogDevices(facts);
  const isExplained = matches.some(({ error }) => error.role !== 'note');
  return {
    schemaVersion: 1,
    isExplained,
    errors: matches.map((match) => explain(match, { facts, devices, binaries })),
    suspiciousLines: isExplained ? [] : suspicion.finish(),
    facts,
    skippedCharacters: text.skippedCharacters,
  };
}

function explain(
  { error, lines, count, values: captured }: LogMatch,
  context: Parameters<typeof describeCase>[1],
): ExplainedError {
  const { id, title, role, cudaError, examples } = error;
  const values = { ...listFactValues(context), ...dropEmpty(captured) };
  return {
    id,
    title: fillTemplate(title, values),
    role,
    ...(cudaError !== undefined && { cudaError }),
    cause: fillTemplate(error.cause, values),
    here: describeCase(error, context),
    fix: fillTemplate(error.fix, values),
    commands: error.commands.map((command) => fillCommand(command, values)),
    lines,
    count,
    sources: [...new Set(examples.map(({ source }) => source))],
  };
}

/** What texts may name besides the groups of their own pattern. */
function listFactValues({
  facts,
  devices,
}: Pick<Parameters<typeof describeCase>[1], 'facts' | 'devices'>): TemplateValues {
  const [gpu] = facts.gpus;
  const [device] = devices;
  const capability = gpu?.capability ?? device?.gpu.capability;
  const largest = Math.max(0, ...facts.failedAllocationsBytes);
  return {
    gpu: describeName(gpu?.name ?? device?.gpu.name, capability),
    arch: capability === undefined ? undefined : String(capability),
    model: facts.modelPaths[0],
    architecture: facts.modelArchitecture,
    allocation: largest > 0 ? formatBytes(largest) : undefined,
    library: facts.missingLibraries[0],
    version: facts.missingVersions[0],
    port: facts.ports[0] === undefined ? undefined : String(facts.ports[0]),
  };
}

function describeName(
  name: string | undefined,
  capability: number | undefined,
): string | undefined {
  if (capability === undefined) return name;
  const number = formatComputeCapability(capability);
  return name === undefined ? `a GPU of compute capability ${number}` : `${name} (${number})`;
}

function dropEmpty(values: TemplateValues): TemplateValues {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
