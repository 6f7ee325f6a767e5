import type { Snapshot } from './snapshot.ts';

export interface Redactor {
  /** For contents of files and output of programs. */
  readonly text: (value: string) => string;
  /** For names of files and folders. */
  readonly path: (value: string) => string;
}

const UUID = /\b(GPU-|MIG-)?[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}\b/gi;
const MARKED_UUID = '00000000-0000-0000-0000-0000';
const EMAIL = /[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64})+/g;
const TOKEN = /\b(?:hf_|sk-|ghp_|gho_|github_pat_|glpat-|nvapi-|xox[abp]-)[\w-]{8,}/g;
// Four numbers are a version, too: `5.15.167.4-microsoft-standard-WSL2`, `libcublas.so.13.1.0.3`.
const IPV4 = /(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.-])/g;
const IPV6 = /(?<![\w:.])(?:[\da-f]{1,4}:){4,7}[\da-f]{1,4}(?![\w:])/gi;
/** Of containers. */
const LONG_HEX = /\b[\da-f]{64}\b/g;
const SERIAL = /(<(?:serial|board_serial|gpu_part_number|board_part_number)>)[^<]*/g;
const SERIAL_LINE = /^([^\n:]{0,60}serial[^\n:]{0,40}:[ \t]*)\S.*$/gim;

/** Makes the functions that take out what tells whose machine a snapshot is of. */
export function createRedactor({ host, files }: Pick<Snapshot, 'host' | 'files'>): Redactor {
  const { homeDirectory, env } = host;
  const user = /^\/(?:home|Users)\/([^/]+)|^[A-Za-z]:\\Users\\([^\\]+)/.exec(homeDirectory);
  const words = [
    [user?.[1] ?? user?.[2] ?? env['USER'], 'user'],
    [env['LOGNAME'], 'user'],
    [env['HOSTNAME'] ?? files['/etc/hostname']?.trim(), 'host'],
  ] as const;
  const replaceWords = words
    // A short name, and root, are parts of everything.
    .filter(([word]) => word !== undefined && word.length > 2 && word !== 'root')
    .map(([word = '', mark]) => [createWordPattern(word), mark] as const);
  const uuids = new Map<string, string>();
  const markUuid = (uuid: string, prefix = ''): string => {
    const key = uuid.slice(prefix.length).toLowerCase();
    // Of a snapshot that was recorded from another.
    if (key.startsWith(MARKED_UUID)) return uuid;
    const number = uuids.get(key) ?? String(uuids.size + 1).padStart(12, '0');
    uuids.set(key, number);
    return `${prefix}${MARKED_UUID}${number.slice(4)}`;
  };
  const path = (value: string): string => {
    const named = replaceWords.reduce(
      (text, [pattern, mark]) => text.replace(pattern, mark),
      value.replaceAll(UUID, (uuid, prefix?: string) => markUuid(uuid, prefix)),
    );
    return named.replaceAll(TOKEN, 'redacted').replaceAll(EMAIL, 'redacted@example.invalid');
  };
  return {
    path,
    text: (value) =>
      path(value)
        .replaceAll(SERIAL, '$1N/A')
        .replaceAll(SERIAL_LINE, '$1N/A')
        .replaceAll(LONG_HEX, '0'.repeat(64))
        .replaceAll(IPV4, '192.0.2.1')
        .replaceAll(IPV6, '2001:db8::1'),
  };
}

function createWordPattern(word: string): RegExp {
  const escaped = word.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![A-Za-z0-9])${escaped}(?![A-Za-z0-9])`, 'g');
}
