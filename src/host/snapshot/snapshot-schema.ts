import * as v from 'valibot';
import {
  FATBIN_LIMIT,
  IMAGE_LIMIT,
  LIST_LIMIT,
  NAME_LIMIT_CHARACTERS,
  TABLE_LIMIT,
  TEXT_LIMIT_CHARACTERS,
} from './limits.ts';
import { snapshotImagePattern } from './snapshot-binary.ts';
import type { Snapshot } from './snapshot.ts';

const text = v.pipe(v.string(), v.maxLength(TEXT_LIMIT_CHARACTERS));
const short = v.pipe(
  v.string(),
  v.maxLength(200),
  v.regex(/^[^\p{Cc}]*$/u, 'has control characters'),
);
// What has control characters in it would be a trap where it is printed.
const name = v.pipe(
  v.string(),
  v.nonEmpty(),
  v.maxLength(NAME_LIMIT_CHARACTERS),
  v.regex(/^[^\p{Cc}]+$/u, 'has control characters'),
);
// As `Object.entries` gives them; a key such as `__proto__` is one like any other in a Map.
const path = v.pipe(name, v.regex(/^(?:\/|[A-Za-z]:\\)/, 'is no absolute path'));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const names = v.pipe(v.array(name), v.maxLength(LIST_LIMIT));

function table<Value>(
  key: v.GenericSchema<string, string>,
  value: v.GenericSchema<unknown, Value>,
): v.GenericSchema<unknown, Record<string, Value>> {
  return v.pipe(
    v.record(key, value),
    v.check((input) => Object.keys(input).length <= TABLE_LIMIT, 'has too many entries'),
  );
}

const entry = v.object({
  kind: v.exactOptional(v.picklist(['file', 'folder', 'other'])),
  realPath: v.exactOptional(path),
  sizeBytes: v.exactOptional(count),
  isReadable: v.exactOptional(v.boolean()),
  isWritable: v.exactOptional(v.boolean()),
});

const result = v.object({
  exitCode: v.exactOptional(v.pipe(v.number(), v.safeInteger())),
  isInstalled: v.exactOptional(v.boolean()),
  stdout: v.exactOptional(text),
  stderr: v.exactOptional(text),
  signal: v.exactOptional(short),
  isTimedOut: v.exactOptional(v.boolean()),
});

const fatbin = v.object({
  count: v.optional(v.pipe(count, v.minValue(1), v.maxValue(FATBIN_LIMIT))),
  isStub: v.optional(v.boolean()),
  section: v.optional(short),
  images: v.pipe(
    v.array(v.pipe(v.string(), v.regex(snapshotImagePattern, 'is no image'))),
    v.maxLength(IMAGE_LIMIT),
  ),
});

const binary = v.union([
  v.object({ problem: v.pipe(v.string(), v.maxLength(1000)) }),
  v.object({
    format: short,
    sizeBytes: count,
    architecture: v.optional(v.picklist(['x86-64', 'aarch64'])),
    runtimeMajor: v.optional(count),
    toolkit: v.optional(short),
    needed: names,
    soname: v.optional(name),
    rpath: v.optional(names),
    runpath: v.optional(names),
    glibc: v.optional(short),
    glibcxx: v.optional(short),
    fatbins: v.pipe(
      v.array(fatbin),
      v.check(
        (list) => list.reduce((sum, { count: alike = 1 }) => sum + alike, 0) <= FATBIN_LIMIT,
        'has too many fatbins',
      ),
    ),
  }),
]);

const platforms = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'haiku',
  'linux',
  'openbsd',
  'sunos',
  'win32',
  'cygwin',
  'netbsd',
] as const;

/** Version 1 of the format. */
export const snapshotSchema: v.GenericSchema<unknown, Snapshot> = v.object({
  schemaVersion: v.literal(1),
  llcuda: v.optional(short),
  origin: v.optional(
    v.object({
      machine: v.pipe(v.string(), v.maxLength(1000)),
      recorded: v.pipe(v.array(v.string()), v.maxLength(100)),
      composed: v.pipe(v.array(v.string()), v.maxLength(100)),
    }),
  ),
  host: v.object({
    platform: v.picklist(platforms),
    arch: short,
    homeDirectory: path,
    workingDirectory: path,
    coreCount: v.pipe(count, v.minValue(1), v.maxValue(100_000)),
    env: table(name, v.pipe(v.string(), v.maxLength(32_000))),
  }),
  files: table(path, text),
  folders: table(path, names),
  entries: table(path, entry),
  freeBytes: table(path, count),
  commands: table(name, result),
  binaries: table(path, binary),
});
