import type { HostDevice } from '../../compat/host-device.ts';
import type { Host } from '../../host/host.ts';
import { findHostDevices } from '../../probe/find-host-devices.ts';
import { findLibc } from '../../probe/find-libc.ts';
import { findNvidiaGpus } from '../../probe/find-nvidia-gpus.ts';
import { findCpuLevel } from './find-cpu-level.ts';

/** What bundles are judged for: this machine. What could not be told is `undefined`, and then no reason to refuse one. */
export interface HostProfile {
  /** `undefined` for a system without bundles. */
  readonly os: 'linux' | 'windows' | undefined;
  readonly arch: string;
  /** NVIDIA GPUs that a driver works for, once for each kind. */
  readonly devices: readonly HostDevice[];
  /** Names of all NVIDIA GPUs, also without a driver. */
  readonly gpus: readonly string[];
  readonly libc: 'glibc' | 'musl' | undefined;
  /** `2.41`. */
  readonly glibc: string | undefined;
  /** `x86-64-v3`. */
  readonly cpu: string | undefined;
  /** Sonames that the loader finds. */
  readonly libraries: ReadonlySet<string> | undefined;
}

const TIMEOUT_MS = 10_000;

/** Looks at what decides whether a bundle runs here. Never throws, other than when the signal fires. */
export async function findHostProfile(
  host: Host,
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<HostProfile> {
  const devices = await findHostDevices(host, options);
  const [found, libc, glibc, cpu, libraries] = await Promise.all([
    devices.length > 0 ? undefined : findNvidiaGpus(host, options),
    findLibc(host),
    findGlibc(host, options),
    findCpuLevel(host),
    listLibraries(host, options),
  ]);
  const names = devices.flatMap(({ gpu }) => gpu.name ?? []);
  return {
    os: host.platform === 'linux' ? 'linux' : host.platform === 'win32' ? 'windows' : undefined,
    arch: host.arch,
    devices,
    gpus: found?.names ?? names,
    libc,
    glibc,
    cpu,
    libraries,
  };
}

/** A machine of which only a GPU and its driver are known. */
export function createDeviceProfile(device: HostDevice): HostProfile {
  const unknown = { libc: undefined, glibc: undefined, cpu: undefined, libraries: undefined };
  const gpus = [device.gpu.name ?? `GPU ${device.gpu.capability}`];
  return { os: device.os, arch: 'x64', devices: [device], gpus, ...unknown };
}

type ProbeOptions = { readonly signal?: AbortSignal | undefined };

async function findGlibc(host: Host, { signal }: ProbeOptions): Promise<string | undefined> {
  if (host.platform !== 'linux') return undefined;
  const options = { timeoutMs: TIMEOUT_MS, signal };
  const { stdout } = await host.run('getconf', ['GNU_LIBC_VERSION'], options);
  return /^glibc (\d+(?:\.\d+){1,2})\s*$/.exec(stdout)?.[1];
}

/** What the loader's cache has, and the folders of LD_LIBRARY_PATH. */
async function listLibraries(
  host: Host,
  { signal }: ProbeOptions,
): Promise<ReadonlySet<string> | undefined> {
  if (host.platform !== 'linux') return undefined;
  for (const command of ['ldconfig', '/sbin/ldconfig']) {
    const options = { timeoutMs: TIMEOUT_MS, signal };
    const { exitCode, stdout } = await host.run(command, ['-p'], options);
    if (exitCode !== 0) continue;
    const cached = stdout.split('\n').flatMap((line) => /^\s+(\S+) \(/.exec(line)?.[1] ?? []);
    const folders = (host.env['LD_LIBRARY_PATH'] ?? '').split(':').filter(Boolean);
    const listed = await Promise.all(folders.map(async (folder) => host.list(folder)));
    if (cached.length > 0) return new Set([...cached, ...listed.flat()]);
  }
  return undefined;
}
