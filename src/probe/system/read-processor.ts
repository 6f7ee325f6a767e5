import type { Host } from '../../host/host.ts';
import { cleanText } from '../clean-text.ts';
import { countUsableCores } from '../count-usable-cores.ts';
import type { ProcessorFacts } from '../facts/platform-facts.ts';

/** What ggml-cpu has code for, in the kernel's words: its CMakeLists.txt and `ggml-cpu/arch`. */
const known: ReadonlySet<string> = new Set(
  (
    'sse3 ssse3 sse4_1 sse4_2 avx avx2 fma f16c bmi2 avx_vnni avx512f avx512bw avx512vl avx512cd avx512dq avx512vbmi ' +
    'avx512_vnni avx512_bf16 amx_tile amx_int8 amx_bf16 asimd asimddp asimdhp fphp i8mm sve sve2 sme bf16'
  ).split(' '),
);

export async function readProcessor(host: Host): Promise<ProcessorFacts> {
  const [text, usableCores] = await Promise.all([
    host.platform === 'linux' ? host.readText('/proc/cpuinfo') : undefined,
    countUsableCores(host),
  ]);
  const info = parseCpuInfo(text ?? '');
  return { ...info, logicalCores: info.logicalCores ?? host.coreCount, usableCores };
}

export interface CpuInfo extends Pick<
  ProcessorFacts,
  'model' | 'features' | 'areFeaturesKnown' | 'physicalCores'
> {
  readonly logicalCores: number | undefined;
}

/** Reads /proc/cpuinfo of x86 (`flags`) and arm64 (`Features`). */
export function parseCpuInfo(text: string): CpuInfo {
  const flags = /^(?:flags|Features)[ \t]*:[ \t]*(.*)$/m.exec(text)?.[1];
  const processors = text.match(/^processor[ \t]*:/gm)?.length;
  const cores = text.split(/\n\s*\n/).flatMap((block) => {
    const core = /^core id[ \t]*: (\d+)/m.exec(block)?.[1];
    const socket = /^physical id[ \t]*: (\d+)/m.exec(block)?.[1];
    return core === undefined ? [] : [`${socket}:${core}`];
  });
  return {
    model: cleanText(/^model name[ \t]*: (.*)$/m.exec(text)?.[1]),
    features: (flags ?? '').split(/\s+/).filter((flag) => known.has(flag)),
    areFeaturesKnown: flags !== undefined,
    physicalCores: cores.length === 0 ? undefined : new Set(cores).size,
    logicalCores: processors,
  };
}
