import type { Host } from '../../host/host.ts';

/** The levels of the x86-64 psABI and what each adds, by the names of /proc/cpuinfo. */
const levels: readonly (readonly [level: string, flags: string])[] = [
  ['x86-64-v2', 'cx16 lahf_lm popcnt sse4_1 sse4_2 ssse3'],
  ['x86-64-v3', 'abm avx avx2 bmi1 bmi2 f16c fma movbe'],
  ['x86-64-v4', 'avx512f avx512bw avx512cd avx512dq avx512vl'],
];

/** The highest x86-64 level of the processor, by Linux. `undefined` elsewhere. */
export async function findCpuLevel(host: Host): Promise<string | undefined> {
  const text = host.arch === 'x64' ? await host.readText('/proc/cpuinfo') : undefined;
  const line = /^flags\s*:\s*(.+)$/m.exec(text ?? '')?.[1];
  if (line === undefined) return undefined;
  const flags = new Set(line.split(' '));
  let level = 'x86-64';
  for (const [name, needed] of levels) {
    if (!needed.split(' ').every((flag) => flags.has(flag))) break;
    level = name;
  }
  return level;
}

/** Whether a processor has a level. Levels of other kinds than x86-64-vN cannot be compared: `true`. */
export function hasCpuLevel(found: string, needed: string): boolean {
  const [have, want] = [found, needed].map((level) => /^x86-64(?:-v([2-4]))?$/.exec(level));
  if (!have || !want) return true;
  return Number(have[1] ?? 1) >= Number(want[1] ?? 1);
}
