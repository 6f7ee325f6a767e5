import { stat } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { detectArchive } from '../archive/detect-archive.ts';
import { isExaminedFormat } from '../archive/is-examined-format.ts';
import { FORMAT_HEAD_BYTES } from '../binary/limits.ts';
import type { ByteSource } from '../bytes/byte-source.ts';
import { isBinaryError } from '../bytes/is-binary-error.ts';
import { LlcudaError } from '../errors/llcuda-error.ts';
import type { GpuCode } from '../fatbin/gpu-code.ts';
import { readGpuCode } from '../fatbin/read-gpu-code.ts';
import { asReadError } from '../files/as-read-error.ts';
import { openFileSource } from '../files/open-file-source.ts';
import { createNodeHost } from '../host/create-node-host.ts';
import type { Host } from '../host/host.ts';
import { redactUrl } from '../net/redact-url.ts';
import type { BinarySource, ExamineOptions } from './inspect-options.ts';

/** A binary that is open, or one in a folder or archive that could not be read. */
export type OpenBinary =
  | {
      readonly path: string;
      readonly code: GpuCode;
      /** What the offsets of `code` are in. Valid until the visit ends. */
      readonly source: ByteSource;
      readonly error?: undefined;
    }
  | { readonly path: string; readonly code?: undefined; readonly error: unknown };

export type BinaryVisitor = (binary: OpenBinary) => Promise<void>;

/**
 * Opens every binary of a source in turn and reads the headers of its GPU code: what `inspectBinary`, and the
 * extraction of images, are made of. Throws what `inspectBinary` throws, and what the visitor throws.
 */
export async function visitBinaries(
  source: BinarySource,
  options: ExamineOptions,
  visit: BinaryVisitor,
): Promise<void> {
  options.signal?.throwIfAborted();
  const host = options.host ?? createNodeHost();
  const context: VisitContext = { options, host, visit };
  if (typeof source !== 'string') {
    await visitSource({ path: source.name, source: source.source }, context);
  } else if (source.startsWith('npm:')) await visitPackage(source, context);
  else if (/^https?:\/\//i.test(source)) await visitUrl(source, context);
  else await visitPath(source, context);
}

interface VisitContext {
  readonly options: ExamineOptions;
  readonly host: Host;
  readonly visit: BinaryVisitor;
}

interface NamedSource {
  readonly path: string;
  readonly source: ByteSource;
  /** Where it is, if on a server. */
  readonly remoteUrl?: string;
}

// What only some sources need is imported where they are opened: a file alone is answered in half the time without.

async function visitPackage(source: string, context: VisitContext): Promise<void> {
  const { withNpmPackage } = await import('./with-npm-package.ts');
  await withNpmPackage(source, { ...context.options, host: context.host }, async (path) =>
    visitFile({ path: source, filePath: path }, context),
  );
}

async function visitUrl(url: string, context: VisitContext): Promise<void> {
  const { createFetch } = await import('../net/create-fetch.ts');
  const { options, host } = context;
  const path = redactUrl(url);
  const fetch = options.fetch ?? createFetch(host);
  if (options.download === true) {
    const { withDownloadedFile } = await import('./with-downloaded-file.ts');
    await withDownloadedFile(url, { ...options, host, fetch }, async (filePath) =>
      visitFile({ path, filePath }, context),
    );
    return;
  }
  const { createHttpSource } = await import('../net/create-http-source.ts');
  const { createPrefetchingSource } = await import('./create-prefetching-source.ts');
  const remote = await createHttpSource(url, { fetch, signal: options.signal });
  const source = createPrefetchingSource(remote);
  try {
    await visitSource({ path, source, remoteUrl: url }, context);
  } finally {
    source[Symbol.dispose]();
  }
}

async function visitPath(path: string, context: VisitContext): Promise<void> {
  const filePath = resolve(context.host.workingDirectory, path);
  const stats = await stat(filePath).catch((error: unknown) => {
    throw asReadError(error, path);
  });
  if (!stats.isDirectory()) {
    await visitFile({ path, filePath }, context);
    return;
  }
  const { findFiles } = await import('../files/find-files.ts');
  for (const { path: found, error } of await findFiles(filePath, context.options)) {
    const file = { path: join(path, relative(filePath, found)), filePath: found };
    if (error === undefined) await visitFolderFile(file, context);
    else await context.visit({ path: file.path, error });
  }
}

interface NamedFile {
  readonly path: string;
  readonly filePath: string;
}

async function visitFile({ path, filePath }: NamedFile, context: VisitContext): Promise<void> {
  await using source = await openFileSource(filePath);
  await visitSource({ path, source }, context);
  await source.checkUnchanged();
}

/** Files that are no binaries are passed over; archives too. */
async function visitFolderFile(
  { path, filePath }: NamedFile,
  { options, visit }: VisitContext,
): Promise<void> {
  const opened = await catchUnreadable(async () => openFileSource(filePath));
  if (!('value' in opened)) return visit({ path, error: opened.error });
  await using source = opened.value;
  const read = await catchUnreadable(async () => {
    const head = await source.read(0, Math.min(FORMAT_HEAD_BYTES, source.sizeBytes), options);
    if (!isExaminedFormat(head)) return undefined;
    const code = await readCode(source, options);
    await source.checkUnchanged();
    return code;
  });
  if (!('value' in read)) await visit({ path, error: read.error });
  else if (read.value !== undefined) await visit({ path, code: read.value, source });
}

/** Reads a file that was named itself: it is an archive, or it must be a binary. */
async function visitSource(named: NamedSource, context: VisitContext): Promise<void> {
  const { path, source } = named;
  const { options, visit } = context;
  const head = await source.read(0, Math.min(FORMAT_HEAD_BYTES, source.sizeBytes), options);
  const format = detectArchive(head);
  if (format === undefined) {
    await visit({ path, code: await readCode(source, options), source });
    return;
  }
  const { listArchiveMembers } = await import('../archive/list-archive-members.ts');
  const listing = { signal: options.signal, remoteUrl: named.remoteUrl };
  for await (const member of listArchiveMembers(source, format, listing)) {
    const memberPath = `${path}!/${member.name}`;
    if (member.source === undefined) {
      throwUnlessUnreadable(member.error);
      await visit({ path: memberPath, error: member.error });
      continue;
    }
    const opened = member.source;
    const read = await catchUnreadable(async () => readCode(opened, options));
    if ('value' in read) await visit({ path: memberPath, code: read.value, source: opened });
    else await visit({ path: memberPath, error: read.error });
  }
}

async function readCode(
  source: ByteSource,
  { deep = false, signal }: ExamineOptions,
): Promise<GpuCode> {
  return readGpuCode(source, { isDeep: deep, signal });
}

type Attempt<Value> = { readonly value: Value } | { readonly error: unknown };

/** Failures that are of one file, and leave the others. */
async function catchUnreadable<Value>(attempt: () => Promise<Value>): Promise<Attempt<Value>> {
  try {
    return { value: await attempt() };
  } catch (error) {
    throwUnlessUnreadable(error);
    return { error };
  }
}

function throwUnlessUnreadable(error: unknown): void {
  const isUnreadable =
    isBinaryError(error) ||
    LlcudaError.is(error, 'SOURCE_UNREADABLE') ||
    LlcudaError.is(error, 'SOURCE_CHANGED') ||
    LlcudaError.is(error, 'RANGE_UNSUPPORTED');
  if (!isUnreadable) throw error;
}
