import type { Host } from '../../host/host.ts';
import { cleanText } from '../clean-text.ts';
import type { JetsonFacts, PlatformFacts } from '../facts/platform-facts.ts';

/** The operating system and what it runs in: files and variables only. */
export async function readPlatform(host: Host): Promise<Omit<PlatformFacts, 'isDgxSpark'>> {
  const { platform, arch, env } = host;
  const base = { platform, arch, service: findService(env), ci: findCi(env) };
  if (platform !== 'linux') return { ...base, ...notLinux };
  const [osRelease, kernel, version, status, container, jetson] = await Promise.all([
    readOsRelease(host),
    host.readText('/proc/sys/kernel/osrelease'),
    host.readText('/proc/version'),
    host.readText('/proc/self/status'),
    findContainer(host),
    readJetson(host),
  ]);
  const uid = /^Uid:\s+(\d+)/m.exec(status ?? '')?.[1];
  return {
    ...base,
    osName: osRelease.get('PRETTY_NAME') ?? osRelease.get('NAME'),
    osId: osRelease.get('ID'),
    osVersion: osRelease.get('VERSION_ID'),
    kernel: cleanText(kernel),
    container,
    // `5.15.167.4-microsoft-standard-WSL2`.
    isWsl: /microsoft/i.test(kernel ?? ''),
    // gVisor answers with this constant: pkg/sentry/syscalls/linux/linux64.go.
    isGvisor: /^Linux version 4\.4\.0 .*Sun Jan 10 15:06:54 PST 2016/.test(version ?? ''),
    jetson,
    isRoot: uid === undefined ? undefined : uid === '0',
  };
}

const notLinux = {
  osName: undefined,
  osId: undefined,
  osVersion: undefined,
  kernel: undefined,
  container: undefined,
  isWsl: false,
  isGvisor: false,
  jetson: undefined,
  isRoot: undefined,
} as const;

async function readOsRelease(host: Host): Promise<ReadonlyMap<string, string>> {
  const text =
    (await host.readText('/etc/os-release')) ?? (await host.readText('/usr/lib/os-release')) ?? '';
  return parseOsRelease(text);
}

/** os-release(5): `NAME=value`, the value perhaps in quotes. */
export function parseOsRelease(text: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const line of text.split('\n').slice(0, 100)) {
    const match = /^([A-Z_]{1,40})=(["']?)(.{0,200}?)\2\s*$/.exec(line);
    const value = cleanText(match?.[3]);
    if (match?.[1] !== undefined && value !== undefined) values.set(match[1], value);
  }
  return values;
}

async function findContainer(host: Host): Promise<PlatformFacts['container']> {
  if (host.env['KUBERNETES_SERVICE_HOST'] !== undefined) return 'kubernetes';
  const [docker, podman, systemd, cgroup] = await Promise.all([
    host.findEntry('/.dockerenv'),
    host.findEntry('/run/.containerenv'),
    host.readText('/run/systemd/container'),
    host.readText('/proc/1/cgroup'),
  ]);
  if (podman !== undefined) return 'podman';
  const hint = `${host.env['container'] ?? ''} ${systemd ?? ''} ${cgroup ?? ''}`;
  if (/kubepods/.test(hint)) return 'kubernetes';
  if (docker !== undefined || /docker/.test(hint)) return 'docker';
  if (/podman|libpod/.test(hint)) return 'podman';
  if (/lxc/.test(hint)) return 'lxc';
  return (systemd ?? '').trim() === '' && host.env['container'] === undefined ? undefined : 'other';
}

function findService(env: Host['env']): PlatformFacts['service'] {
  // Some of Kaggle's images carry Colab's variables, too.
  if (env['KAGGLE_KERNEL_RUN_TYPE'] !== undefined || env['KAGGLE_URL_BASE'] !== undefined) {
    return 'kaggle';
  }
  const isColab = env['COLAB_RELEASE_TAG'] !== undefined || env['COLAB_GPU'] !== undefined;
  return isColab ? 'colab' : undefined;
}

const ciVariables: readonly (readonly [variable: string, name: string])[] = [
  ['GITHUB_ACTIONS', 'github-actions'],
  ['GITLAB_CI', 'gitlab'],
  ['BUILDKITE', 'buildkite'],
  ['CIRCLECI', 'circleci'],
  ['JENKINS_URL', 'jenkins'],
  ['TF_BUILD', 'azure-pipelines'],
  ['CI', 'ci'],
];

function findCi(env: Host['env']): string | undefined {
  return ciVariables.find(([name]) => !['', 'false', undefined].includes(env[name]))?.[1];
}

/** `# R36 (release), REVISION: 4.3, GCID: ...` is L4T 36.4.3. */
async function readJetson(host: Host): Promise<JetsonFacts | undefined> {
  const [release, treeModel] = await Promise.all([
    host.readText('/etc/nv_tegra_release'),
    host.readText('/proc/device-tree/model'),
  ]);
  const match = /^# R(\d{1,3}) \(release\), REVISION: (\d{1,3}(?:\.\d{1,3})*)/.exec(release ?? '');
  const model = cleanText(treeModel);
  const isJetson = match !== null || /jetson|tegra/i.test(model ?? '');
  if (!isJetson) return undefined;
  return { model, l4t: match === null ? undefined : `${match[1]}.${match[2]}` };
}
