import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import type { BuildStatement } from '../bundle/create-bundle-manifest.ts';
import { askServerVersion, type AskServerOptions } from '../server/ask-server-version.ts';
import { packRefused } from './pack-problem.ts';

/** What `llcuda build` leaves beside what it built. Only what no binary tells is taken from it. */
export const BUILD_RECORD = 'llcuda-build.json' as const;

const text = v.pipe(v.string(), v.nonEmpty(), v.maxLength(4096));

const recordSchema = v.object({
  llamaCpp: v.optional(v.object({ version: text, commit: v.optional(text) })),
  compiler: v.optional(text),
  flags: v.optional(v.array(text)),
  cpu: v.optional(text),
});

export interface StatementOptions extends AskServerOptions {
  /** Overrides what the build and the program say. */
  readonly version?: string | undefined;
  /** The folder that may hold the record of the build. */
  readonly folder: string;
}

/**
 * The version, compiler and flags of a runtime: from the record of its build, else from the program itself. Throws
 * `PACK_REFUSED` where neither tells the version.
 */
export async function readBuildStatement(
  program: string,
  { host, signal, folder, version }: StatementOptions,
): Promise<BuildStatement> {
  const record = await readRecord(folder);
  const asked = await askServerVersion(program, { host, signal });
  const llamaCpp = asked.llamaCpp ?? record?.llamaCpp;
  const stated = version ?? llamaCpp?.version;
  if (stated === undefined) {
    const reason = `its version is not known: ${asked.failure ?? 'nothing states it'}`;
    const fix = 'Give it with --version-name, such as `--version-name b6000`.';
    throw packRefused(folder, [{ path: 'bin/llama-server', reason, fix }]);
  }
  const commit = record?.llamaCpp?.commit ?? llamaCpp?.commit;
  const compiler = record?.compiler ?? ('compiler' in asked ? asked.compiler : undefined);
  return {
    llamaCpp: { version: stated, ...(commit !== undefined && { commit }) },
    compiler,
    flags: record?.flags,
    cpu: record?.cpu,
  };
}

async function readRecord(folder: string): Promise<v.InferOutput<typeof recordSchema> | undefined> {
  const found = await readFile(join(folder, BUILD_RECORD), 'utf8').catch(() => undefined);
  if (found === undefined) return undefined;
  const record = v.safeParse(v.pipe(v.string(), v.parseJson(), recordSchema), found);
  if (record.success) return record.output;
  const reason = `it cannot be read: ${record.issues[0].message}`;
  throw packRefused(folder, [{ path: BUILD_RECORD, reason, fix: 'Build again, or remove it.' }]);
}
