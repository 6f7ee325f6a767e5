import type { Host } from '../../host/host.ts';
import type { MemoryFacts } from '../facts/platform-facts.ts';

/** Memory of the machine and what a container may take of it: cgroup v2, else v1. */
export async function readMemory(host: Host): Promise<MemoryFacts> {
  const [text, limit] = await Promise.all([host.readText('/proc/meminfo'), readLimit(host)]);
  const { totalBytes, availableBytes, swapTotalBytes } = parseMemInfo(text ?? '');
  const isLimited =
    limit !== undefined && (totalBytes === undefined || limit.limitBytes < totalBytes);
  const left = isLimited ? Math.max(0, limit.limitBytes - (limit.usedBytes ?? 0)) : undefined;
  const usable = [availableBytes, left].filter((bytes) => bytes !== undefined);
  return {
    totalBytes,
    availableBytes,
    swapTotalBytes,
    limitBytes: isLimited ? limit.limitBytes : undefined,
    limitSource: isLimited ? limit.source : undefined,
    limitUsedBytes: isLimited ? limit.usedBytes : undefined,
    usableBytes: usable.length === 0 ? undefined : Math.min(...usable),
  };
}

/** Its "kB" are 1024 bytes. */
export function parseMemInfo(
  text: string,
): Pick<MemoryFacts, 'totalBytes' | 'availableBytes' | 'swapTotalBytes'> {
  const values = new Map(
    [...text.slice(0, 10_000).matchAll(/^(\w{1,30}): +(\d{1,13}) kB$/gm)].map(
      ([, name = '', kibibytes = '']) => [name, Number(kibibytes) * 1024],
    ),
  );
  return {
    totalBytes: values.get('MemTotal'),
    availableBytes: values.get('MemAvailable') ?? values.get('MemFree'),
    swapTotalBytes: values.get('SwapTotal'),
  };
}

interface Limit {
  readonly limitBytes: number;
  readonly usedBytes: number | undefined;
  readonly source: 'cgroup2' | 'cgroup1';
}

async function readLimit(host: Host): Promise<Limit | undefined> {
  const [limit2, used2, stat2, limit1, used1] = await Promise.all(
    [
      '/sys/fs/cgroup/memory.max',
      '/sys/fs/cgroup/memory.current',
      '/sys/fs/cgroup/memory.stat',
      '/sys/fs/cgroup/memory/memory.limit_in_bytes',
      '/sys/fs/cgroup/memory/memory.usage_in_bytes',
    ].map(async (path) => host.readText(path)),
  );
  const second = parseBytes(limit2);
  // The page cache counts as used, and is given back when memory is short.
  const cached = parseBytes(/^inactive_file (\d+)$/m.exec(stat2 ?? '')?.[1]) ?? 0;
  const used = parseBytes(used2);
  const usedBytes = used === undefined ? undefined : Math.max(0, used - cached);
  if (second !== undefined) return { limitBytes: second, usedBytes, source: 'cgroup2' };
  const first = parseBytes(limit1);
  if (first === undefined) return undefined;
  return { limitBytes: first, usedBytes: parseBytes(used1), source: 'cgroup1' };
}

/** `max`, and the largest number of pages in v1, mean no limit. */
function parseBytes(text: string | undefined): number | undefined {
  const value = /^\d{1,20}$/.test(text?.trim() ?? '') ? Number(text) : undefined;
  return value !== undefined && Number.isSafeInteger(value) ? value : undefined;
}
