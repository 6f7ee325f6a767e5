import type { Host } from '../host/host.ts';

/**
 * Cores that this process can really keep busy: its CPU affinity, cut by the quota of its container
 * (cgroup v2, else v1). One thread more than this slows llama.cpp down many times, since its threads
 * spin while they wait for each other.
 */
export async function countUsableCores(host: Host): Promise<number> {
  const quota = (await readCgroup2Quota(host)) ?? (await readCgroup1Quota(host)) ?? Infinity;
  return Math.max(1, Math.min(host.coreCount, Math.ceil(quota)));
}

/** `cpu.max` holds `QUOTA PERIOD` in microseconds, or `max PERIOD`. */
async function readCgroup2Quota(host: Host): Promise<number | undefined> {
  const text = await host.readText('/sys/fs/cgroup/cpu.max');
  const match = /^(\d+) (\d+)/.exec(text ?? '');
  return match ? ratio(match[1], match[2]) : undefined;
}

async function readCgroup1Quota(host: Host): Promise<number | undefined> {
  const quota = await host.readText('/sys/fs/cgroup/cpu/cpu.cfs_quota_us');
  const period = await host.readText('/sys/fs/cgroup/cpu/cpu.cfs_period_us');
  return ratio(quota, period);
}

function ratio(quota: string | undefined, period: string | undefined): number | undefined {
  const cores = Number(quota) / Number(period);
  return Number.isFinite(cores) && cores > 0 ? cores : undefined;
}
