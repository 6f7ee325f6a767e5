import type { Host } from '../../host/host.ts';
import { countUsableCores } from '../../probe/count-usable-cores.ts';
import type { BuildBackend } from '../plan/build-plan.ts';

/** What one compiler may need at its peak: cicc on the kernels of attention, cc1plus on the server. */
const JOB_BYTES: Readonly<Record<BuildBackend, number>> = {
  cuda: 3_000_000_000,
  cpu: 1_500_000_000,
};

/** As many compilers at once as there are cores, and memory for. */
export async function chooseJobs(host: Host, backend: BuildBackend): Promise<number> {
  const cores = await countUsableCores(host);
  const text = (await host.readText('/proc/meminfo')) ?? '';
  const kilobytes = Number(/^MemAvailable:\s+(\d+) kB/m.exec(text)?.[1]);
  if (!Number.isFinite(kilobytes)) return cores;
  return Math.max(1, Math.min(cores, Math.floor((kilobytes * 1024) / JOB_BYTES[backend])));
}
