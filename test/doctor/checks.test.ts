import { describe, expect, it } from 'vitest';
import type { CheckResult } from '../../src/doctor/doctor-report.ts';
import { checks } from '../../src/doctor/checks.ts';
import { runDoctor } from '../../src/doctor/run-doctor.ts';
import { examineFixture, type Examined, type Mutable } from '../support/healthy-host.ts';
import type { HostName } from '../support/load-host.ts';

type Change = (examined: Examined) => void;

interface Case {
  /** @defaultValue dgx-spark: nothing is wrong with it */
  readonly host?: HostName;
  /** What makes it fail or warn. */
  readonly problem: Change;
  /** @defaultValue `fail` */
  readonly status?: 'warn';
  /** What makes it ok, where the host as it is does not. */
  readonly fine?: Change;
  readonly fineHost?: HostName;
}

const gpu = ({ facts }: Examined): Examined['facts']['gpus'][number] => facts.gpus[0]!;
const variable =
  (name: string, value: string): Change =>
  ({ facts }) => {
    facts.environment.variables = { ...facts.environment.variables, [name]: value };
  };
const libcuda = ({ facts }: Examined): Mutable<Examined['facts']['libraries'][number]> =>
  facts.libraries.find(({ soname }) => soname === 'libcuda.so.1')!;
const lacks =
  (soname: string): Change =>
  ({ facts }) => {
    facts.runtimes[0]!.binaries[0]!.missingLibraries = [soname];
    for (const library of facts.libraries) {
      if (library.soname === soname) Object.assign(library, { copies: [], loaded: undefined });
    }
  };
const tool =
  (name: string, version: string | undefined): Change =>
  ({ facts }) => {
    const path = version === undefined ? undefined : `/usr/bin/${name}`;
    const found = facts.tools.find((item) => item.name === name);
    if (found === undefined) throw new Error(`no tool ${name}`);
    Object.assign(found, { path, version });
  };
const toolkit =
  (major: number, minor: number): Change =>
  ({ facts }) => {
    facts.toolkits = [
      {
        root: `/usr/local/cuda-${major}.${minor}`,
        kind: 'nvidia',
        foundBy: ['nvcc-on-path'],
        version: { major, minor },
        fullVersion: `${major}.${minor}.1`,
        nvcc: `/usr/local/cuda-${major}.${minor}/bin/nvcc`,
        isOnPath: true,
        source: 'file',
        confidence: 'certain',
      },
    ];
  };
const all =
  (...changes: readonly Change[]): Change =>
  (examined) => {
    for (const change of changes) change(examined);
  };
const same: Change = () => undefined;
const withoutRuntime: Change = ({ facts }) => (facts.runtimes = []);

const cases: Readonly<Record<string, Case>> = {
  'gpu-present': { status: 'warn', problem: ({ facts }) => (facts.gpus = []) },
  'driver-loaded': { problem: ({ facts }) => (facts.driver.kernelModule = 'none') },
  nouveau: { problem: ({ facts }) => (facts.driver.kernelModule = 'nouveau') },
  'driver-mismatch': { problem: ({ facts }) => (facts.driver.isMismatched = true) },
  'nvidia-smi': {
    problem: ({ facts }) => (facts.driver.smi.outcome = 'timed-out'),
    fine: ({ facts }) => (facts.driver.smi.outcome = 'answered'),
  },
  nvml: {
    status: 'warn',
    problem: ({ facts }) => {
      const rest = { path: undefined, loadError: undefined, initError: 'Driver Not Loaded' };
      const none = { driverVersion: undefined, deviceCount: undefined };
      facts.driver.native.nvml = { isLoaded: true, initResult: 9, ...rest, ...none };
    },
    fine: ({ facts }) => {
      const rest = { path: undefined, loadError: undefined, initError: undefined };
      const told = { driverVersion: '580.95.05', deviceCount: 1 };
      facts.driver.native.nvml = { isLoaded: true, initResult: 0, ...rest, ...told };
    },
  },
  'driver-cuda': {
    status: 'warn',
    problem: ({ facts }) => (facts.driver.effectiveCudaVersion = { major: 11, minor: 4 }),
  },
  'gpu-age': { status: 'warn', problem: (examined) => (gpu(examined).capability = 61) },
  'visible-devices': {
    problem: ({ facts }) => Object.assign(facts.visibleDevices, { effect: 'none', value: '7' }),
  },
  'gpu-mix': {
    status: 'warn',
    problem: ({ facts }) =>
      facts.gpus.push({ ...facts.gpus[0]!, index: 1, name: 'Tesla T4', capability: 75 }),
  },
  'device-nodes': { problem: ({ facts }) => (facts.driver.deviceNodes = []) },
  'cuda-init': {
    problem: ({ facts }) =>
      Object.assign(facts.driver.native, { outcome: 'crashed', lastStep: 'cuInit' }),
    fine: ({ facts }) =>
      Object.assign(facts.driver.native, {
        outcome: 'answered',
        libcuda: { isLoaded: true, initResult: 0, deviceCount: 1 },
      }),
  },
  'gpu-memory': {
    status: 'warn',
    problem: (examined) => {
      const processes = [{ pid: 4711, name: 'python3', memoryBytes: 70e9 }];
      Object.assign(gpu(examined), { memoryFreeBytes: 1e9, memoryTotalBytes: 80e9, processes });
    },
    fine: (examined) =>
      Object.assign(gpu(examined), { memoryFreeBytes: 79e9, memoryTotalBytes: 80e9 }),
  },
  'compute-mode': {
    problem: (examined) => (gpu(examined).computeMode = 'prohibited'),
    fine: (examined) => (gpu(examined).computeMode = 'default'),
  },
  mig: {
    problem: (examined) => {
      gpu(examined).mig = { mode: 'enabled', instances: [] };
      gpu(examined).cudaIndex = undefined;
    },
  },
  ecc: {
    status: 'warn',
    problem: (examined) => (gpu(examined).ecc = { mode: 'enabled', uncorrectedErrors: 2 }),
    fine: (examined) => (gpu(examined).ecc = { mode: 'enabled', uncorrectedErrors: 0 }),
  },
  persistence: {
    status: 'warn',
    host: 'driver-mismatch-803',
    problem: (examined) => (gpu(examined).isPersistent = false),
    fine: (examined) => (gpu(examined).isPersistent = true),
  },
  'power-limit': {
    status: 'warn',
    problem: (examined) =>
      Object.assign(gpu(examined).power, { limitWatts: 100, maximumLimitWatts: 700 }),
    fine: (examined) =>
      Object.assign(gpu(examined).power, { limitWatts: 700, maximumLimitWatts: 700 }),
  },
  libcuda: {
    problem: (examined) => (libcuda(examined).loaded = undefined),
  },
  'libcuda-stub': {
    problem: (examined) => Object.assign(libcuda(examined).loaded!, { kind: 'stub' }),
  },
  'cuda-compat': { host: 'geforce-compat-804', problem: same, fineHost: 'dgx-spark' },
  'ptx-compiler': {
    host: 'container-no-ptx-compiler',
    problem: same,
    fineHost: 'dgx-spark',
  },
  libcudart: { problem: lacks('libcudart.so.13') },
  libcublas: { problem: lacks('libcublas.so.13') },
  libnccl: {
    problem: lacks('libnccl.so.2'),
    fine: ({ facts }) => {
      const nccl = facts.libraries.find(({ soname }) => soname === 'libnccl.so.2')!;
      const copy = { ...libcuda({ facts } as Examined).loaded!, path: '/usr/lib/libnccl.so.2' };
      Object.assign(nccl, { copies: [copy], loaded: copy });
    },
  },
  'library-path': { status: 'warn', problem: variable('LD_LIBRARY_PATH', '/usr/lib::') },
  'toolkit-choice': {
    status: 'warn',
    problem: all(toolkit(13, 0), variable('CUDA_HOME', '/opt/nothing')),
    fine: toolkit(13, 0),
  },
  'toolkit-driver': { status: 'warn', problem: toolkit(13, 4), fine: toolkit(13, 0) },
  'toolkit-gpu': { status: 'warn', problem: toolkit(12, 4), fine: toolkit(13, 0) },
  torch: {
    status: 'warn',
    problem: ({ facts }) => (facts.python = python({ version: '2.9.0+cpu', cuda: undefined })),
    fine: ({ facts }) => (facts.python = python({ version: '2.9.0+cu130', cuda: '13.0' })),
  },
  'jit-cache': { status: 'warn', problem: variable('CUDA_CACHE_DISABLE', '1') },
  'jit-switches': {
    status: 'warn',
    problem: ({ facts }) => (facts.environment.disablePtxJit = true),
  },
  'module-loading': { status: 'warn', problem: variable('CUDA_MODULE_LOADING', 'EAGER') },
  'slow-switches': { status: 'warn', problem: variable('CUDA_LAUNCH_BLOCKING', '1') },
  'runtime-present': { status: 'warn', problem: withoutRuntime },
  'runtime-variables': {
    problem: ({ facts }) =>
      Object.assign(facts.runtimes[0]!, { foundBy: 'LLAMA_SERVER_PATH', exists: false }),
  },
  'runtime-starts': {
    problem: ({ facts }) => (facts.runtimes[0]!.problem = 'Illegal instruction'),
  },
  'runtime-version': {
    status: 'warn',
    problem: ({ facts }) => (facts.runtimes[0]!.build = 4000),
    fine: ({ facts }) => (facts.runtimes[0]!.build = 6869),
  },
  'runtime-gpu-code': { host: 'colab-t4-550', problem: same, fineHost: 'dgx-spark' },
  'runtime-libraries': { problem: lacks('libcurl.so.4') },
  'runtime-glibc': {
    problem: ({ facts }) => {
      facts.cLibrary.version = '2.31';
      facts.runtimes[0]!.binaries.find(({ evidence }) => evidence)!.evidence!.libraries.glibc =
        '2.38';
    },
    fine: ({ facts }) => {
      facts.cLibrary.version = '2.39';
      facts.runtimes[0]!.binaries.find(({ evidence }) => evidence)!.evidence!.libraries.glibc =
        '2.38';
    },
  },
  'runtime-processor': { problem: ({ facts }) => (facts.platform.arch = 'x64') },
  nvcc: {
    status: 'warn',
    problem: all(withoutRuntime, ({ facts }) => (facts.toolkits = [])),
    fine: toolkit(13, 0),
  },
  'nvcc-host-compiler': {
    status: 'warn',
    problem: all(toolkit(13, 0), tool('g++', '16.1.0')),
    fine: all(toolkit(13, 0), tool('g++', '13.3.0')),
  },
  cmake: { status: 'warn', problem: tool('cmake', '3.16.3'), fine: tool('cmake', '3.28.3') },
  'build-program': {
    status: 'warn',
    problem: all(withoutRuntime, tool('ninja', undefined), tool('make', undefined)),
    fine: tool('make', '4.3'),
  },
  compiler: {
    status: 'warn',
    problem: all(withoutRuntime, tool('g++', undefined), tool('clang', undefined)),
    fine: tool('g++', '13.3.0'),
  },
  git: {
    status: 'warn',
    problem: all(withoutRuntime, tool('git', undefined)),
    fine: tool('git', '2.43.0'),
  },
  ccache: {
    status: 'warn',
    problem: all(withoutRuntime, ({ facts }) => (facts.processor.usableCores = 2)),
    fine: tool('ccache', '4.9.1'),
  },
  'build-memory': {
    status: 'warn',
    problem: all(withoutRuntime, ({ facts }) => {
      facts.processor.usableCores = 16;
      facts.memory.usableBytes = 8e9;
    }),
    fine: all(withoutRuntime, ({ facts }) => {
      facts.processor.usableCores = 4;
      facts.memory.usableBytes = 16e9;
    }),
  },
  'store-writable': {
    problem: ({ evidence }) => (evidence.store.isWritable = false),
  },
  'store-space': { problem: ({ facts }) => (facts.disk.freeBytes = 5e8) },
  'store-models': {
    status: 'warn',
    problem: ({ evidence }) =>
      (evidence.store.models = [{ name: 'a.gguf', sizeBytes: 10, isPartial: true }]),
  },
  'store-runtimes': {
    status: 'warn',
    problem: ({ evidence }) => (evidence.store.incompleteRuntimes = ['embedded-3.22.1']),
  },
  'hub-token': {
    status: 'warn',
    problem: ({ facts }) => (facts.environment.secrets = ['HUGGING_FACE_HUB_TOKEN']),
  },
  'hub-access': { status: 'warn', problem: variable('HF_HUB_OFFLINE', '1') },
  proxy: {
    status: 'warn',
    problem: variable('https_proxy', 'http://proxy:3128'),
    fine: all(variable('https_proxy', 'http://proxy:3128'), variable('no_proxy', 'localhost')),
  },
  'operating-system': { problem: ({ facts }) => (facts.platform.arch = 'ia32') },
  'c-library': {
    status: 'warn',
    problem: ({ facts }) => (facts.cLibrary.kind = 'musl'),
    fine: ({ facts }) => Object.assign(facts.cLibrary, { kind: 'glibc', version: '2.39' }),
  },
  'cpp-library': {
    status: 'warn',
    problem: ({ facts }) => {
      facts.libraries = facts.libraries.filter(({ soname }) => soname !== 'libgomp.so.1');
    },
    fine: ({ facts }) => {
      for (const library of facts.libraries)
        library.loaded ??= libcuda({ facts } as Examined).loaded;
      facts.cLibrary.glibcxx = '3.4.33';
    },
  },
  'cpu-features': {
    status: 'warn',
    problem: ({ facts }) =>
      Object.assign(facts.processor, { areFeaturesKnown: true, features: ['asimd'] }),
    fine: ({ facts }) =>
      Object.assign(facts.processor, { areFeaturesKnown: true, features: ['asimddp', 'sve2'] }),
  },
  'cpu-cores': {
    status: 'warn',
    problem: ({ facts }) =>
      Object.assign(facts.processor, { usableCores: 2, logicalCores: 8, physicalCores: 4 }),
  },
  memory: { status: 'warn', problem: ({ facts }) => (facts.memory.usableBytes = 1e9) },
  'node-version': {
    problem: ({ evidence }) => (evidence.nodeVersion = '18.20.4'),
    fine: ({ evidence }) => (evidence.nodeVersion = '22.20.0'),
  },
  'container-gpu': {
    host: 'container-no-ptx-compiler',
    problem: same,
    fine: variable('NVIDIA_DRIVER_CAPABILITIES', 'compute,utility'),
  },
  wsl: {
    host: 'wsl2',
    problem: (examined) => {
      const copy = { ...libcuda(examined).loaded!, path: '/usr/lib/x86_64-linux-gnu/libcuda.so.1' };
      Object.assign(libcuda(examined), { copies: [copy], loaded: copy });
    },
  },
  jetson: {
    status: 'warn',
    host: 'jetson-orin',
    problem: ({ facts }) => (facts.platform.jetson!.l4t = '35.4.1'),
  },
  'dgx-spark': {
    status: 'warn',
    problem: ({ facts }) => (facts.driver.effectiveCudaVersion = { major: 12, minor: 9 }),
  },
};

function python(torch: { version: string; cuda: string | undefined }): Examined['facts']['python'] {
  return { path: '/usr/bin/python3', version: '3.12.3', torch, nvidiaFolders: [] };
}

async function run(id: string, host: HostName, change: Change): Promise<CheckResult> {
  const examined = await examineFixture(host);
  change(examined);
  return runDoctor(examined.facts, { evidence: examined.evidence, only: [id] }).checks[0]!;
}

describe('checks', () => {
  it('are at least 34, have unique ids in kebab-case, and each has its cases here', () => {
    const ids = checks.map(({ id }) => id);

    expect(ids.length).toBeGreaterThanOrEqual(34);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => !/^[a-z][a-z\d]*(?:-[a-z\d]+)*$/.test(id))).toEqual([]);
    expect(Object.keys(cases).sort()).toEqual([...ids].sort());
  });

  it.each(Object.entries(cases))(
    '%s finds its problem, and says how to mend it',
    async (id, row) => {
      const result = await run(id, row.host ?? 'dgx-spark', row.problem);

      expect(result).toMatchObject({ id, status: row.status ?? 'fail' });
      expect(result.summary).toMatch(/\S\.$|[^.]$/);
      expect(result.fix).toMatch(/^[A-Z].*\.$/);
      expect(result.commands ?? []).not.toContain('');
    },
  );

  it.each(Object.entries(cases))('%s is ok where nothing is wrong', async (id, row) => {
    const host = row.fineHost ?? row.host ?? 'dgx-spark';

    const result = await run(id, host, row.fine ?? same);

    expect(result).toMatchObject({ id, status: 'ok' });
    expect(result).not.toHaveProperty('fix');
  });

  it('are skipped where they do not apply, each with a reason', async () => {
    const examined = await examineFixture('no-gpu');

    const { checks: results } = runDoctor(examined.facts);

    const skipped = results.filter(({ status }) => status === 'skip');
    expect(skipped.length).toBeGreaterThan(10);
    expect(skipped.filter(({ summary }) => summary === '')).toEqual([]);
  });
});
