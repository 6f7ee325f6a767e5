import { describe, expect, it } from 'vitest';
import { createDataHost, type DataHostInput } from '../../src/host/create-data-host.ts';
import { findCLibrary } from '../../src/probe/libraries/find-c-library.ts';
import { findLibraries } from '../../src/probe/libraries/find-libraries.ts';
import { readLoaderPath } from '../../src/probe/libraries/loader-path.ts';
import { findToolkits } from '../../src/probe/software/find-toolkits.ts';
import { readPython } from '../../src/probe/software/read-python.ts';
import { readDisk } from '../../src/probe/system/read-disk.ts';
import { readEnvironment } from '../../src/probe/system/read-environment.ts';
import { readMemory } from '../../src/probe/system/read-memory.ts';
import { readPlatform } from '../../src/probe/system/read-platform.ts';

describe('readPlatform', () => {
  it.each<readonly [string, DataHostInput, object]>([
    ['docker', { entries: { '/.dockerenv': {} } }, { container: 'docker' }],
    ['podman', { entries: { '/run/.containerenv': {} } }, { container: 'podman' }],
    ['kubernetes', { env: { KUBERNETES_SERVICE_HOST: '10.0.0.1' } }, { container: 'kubernetes' }],
    ['lxc', { env: { container: 'lxc' } }, { container: 'lxc' }],
    [
      'systemd-nspawn',
      { files: { '/run/systemd/container': 'systemd-nspawn\n' } },
      { container: 'other' },
    ],
    ['no container', { files: { '/proc/1/cgroup': '0::/init.scope\n' } }, { container: undefined }],
    [
      'WSL2',
      { files: { '/proc/sys/kernel/osrelease': '5.15.167.4-microsoft-standard-WSL2\n' } },
      { isWsl: true },
    ],
    [
      'gVisor',
      { files: { '/proc/version': 'Linux version 4.4.0 #1 SMP Sun Jan 10 15:06:54 PST 2016\n' } },
      { isGvisor: true },
    ],
    ['Colab', { env: { COLAB_GPU: '1' } }, { service: 'colab' }],
    [
      "Kaggle, whose images have Colab's variables",
      { env: { COLAB_GPU: '', KAGGLE_KERNEL_RUN_TYPE: 'Batch' } },
      { service: 'kaggle' },
    ],
    ['GitHub', { env: { CI: 'true', GITHUB_ACTIONS: 'true' } }, { ci: 'github-actions' }],
    ['no CI', { env: { CI: 'false' } }, { ci: undefined }],
    [
      'root',
      { files: { '/proc/self/status': 'Name:\tnode\nUid:\t0\t0\t0\t0\n' } },
      { isRoot: true },
    ],
    ['Windows', { platform: 'win32' }, { isWsl: false, osName: undefined }],
  ])('knows %s', async (_what, input, expected) => {
    await expect(readPlatform(createDataHost(input))).resolves.toMatchObject(expected);
  });
});

describe('readMemory', () => {
  const machine = { '/proc/meminfo': 'MemTotal:  8388608 kB\nMemAvailable: 4194304 kB\n' };
  const v1 = '/sys/fs/cgroup/memory/memory';

  it.each<readonly [string, Record<string, string>, object]>([
    ['no limit', {}, { limitBytes: undefined, usableBytes: 4_294_967_296 }],
    ['no limit in v2', { '/sys/fs/cgroup/memory.max': 'max\n' }, { limitBytes: undefined }],
    [
      'a limit in v2, its page cache not counted',
      {
        '/sys/fs/cgroup/memory.max': '2147483648\n',
        '/sys/fs/cgroup/memory.current': '1610612736\n',
        '/sys/fs/cgroup/memory.stat': 'anon 1\ninactive_file 536870912\n',
      },
      { limitSource: 'cgroup2', limitUsedBytes: 1_073_741_824, usableBytes: 1_073_741_824 },
    ],
    [
      'a limit in v1',
      { [`${v1}.limit_in_bytes`]: '1073741824\n', [`${v1}.usage_in_bytes`]: '73741824\n' },
      { limitSource: 'cgroup1', usableBytes: 1_000_000_000 },
    ],
    [
      'the largest number of v1',
      { [`${v1}.limit_in_bytes`]: '9223372036854771712\n' },
      { limitBytes: undefined },
    ],
  ])('with %s', async (_what, files, expected) => {
    const host = createDataHost({ files: { ...machine, ...files } });

    await expect(readMemory(host)).resolves.toMatchObject(expected);
  });
});

describe('readEnvironment', () => {
  it('shows what matters, and no secret', () => {
    const facts = readEnvironment({
      env: {
        CUDA_VISIBLE_DEVICES: '',
        CUDA_FORCE_PTX_JIT: '1',
        GGML_CUDA_DEVICE: '0',
        HF_TOKEN: 'hf_secretsecret',
        LLAMA_API_KEY: 'secret',
        HTTPS_PROXY: 'http://me:secret@proxy.example:3128',
        SHELL: '/bin/sh',
        AWS_SECRET_ACCESS_KEY: 'secret',
      },
    });

    expect(facts).toEqual({
      variables: {
        CUDA_VISIBLE_DEVICES: '',
        CUDA_FORCE_PTX_JIT: '1',
        GGML_CUDA_DEVICE: '0',
        HTTPS_PROXY: 'http://proxy.example:3128/',
      },
      secrets: ['HF_TOKEN', 'LLAMA_API_KEY'],
      forcePtxJit: true,
      disablePtxJit: false,
    });
  });
});

describe('findToolkits', () => {
  it('finds each once, the one of PATH by what it says', async () => {
    const host = createDataHost({
      env: { PATH: '/usr/bin', CUDA_HOME: '/usr/local/cuda/', CUDA_PATH: 'relative' },
      files: { '/usr/local/cuda-10.2/version.txt': 'CUDA Version 10.2.89\n' },
      entries: {
        '/usr/bin/nvcc': {},
        '/usr/lib/nvidia-cuda-toolkit/bin/nvcc': {},
        '/usr/local/cuda': { kind: 'folder', realPath: '/usr/local/cuda-10.2' },
        '/usr/local/cuda-10.2/lib64/libcudart.so.10.2': {},
        '/venv/nvidia/cu13/lib/libcudart.so.13': {},
      },
      commands: {
        '/usr/lib/nvidia-cuda-toolkit/bin/nvcc --version': {
          stdout:
            'nvcc: NVIDIA (R) Cuda compiler driver\nCuda compilation tools, release 11.8, V11.8.89\n',
        },
      },
    });

    const toolkits = await findToolkits(host, { pythonFolders: ['/venv/nvidia/cu13'] });

    expect(
      toolkits.map(({ root, kind, foundBy, fullVersion, isOnPath }) => [
        root,
        kind,
        foundBy,
        fullVersion,
        isOnPath,
      ]),
    ).toEqual([
      ['/usr/lib/nvidia-cuda-toolkit', 'debian', ['nvcc-on-path', 'known-folder'], '11.8.89', true],
      ['/usr/local/cuda-10.2', 'nvidia', ['CUDA_HOME', 'known-folder'], '10.2.89', false],
      ['/venv/nvidia/cu13', 'python-wheel', ['python'], undefined, false],
    ]);
  });
});

describe('findLibraries', () => {
  const cache = (lines: string): Record<string, { stdout: string }> => ({
    '/sbin/ldconfig -p': { stdout: lines },
  });

  it('puts LD_LIBRARY_PATH before the cache and the cache before the default folders', async () => {
    const host = createDataHost({
      env: { LD_LIBRARY_PATH: '/opt/a::relative:/opt/b/' },
      entries: {
        '/opt/b/libcuda.so.1': { realPath: '/opt/b/libcuda.so.550.54.15' },
        '/usr/lib/libcuda.so.1': { realPath: '/usr/lib/libcuda.so.470.256.02' },
        '/cached/libcuda.so.1': { realPath: '/cached/libcuda.so.535.54.03' },
        '/32bit/libcuda.so.1': {},
        '/usr/lib64-nvidia/libcuda.so.1': { realPath: '/opt/b/libcuda.so.550.54.15' },
      },
      commands: cache(
        '2 libs\n\tlibcuda.so.1 (libc6) => /32bit/libcuda.so.1\n\tlibcuda.so.1 (libc6,x86-64) => /cached/libcuda.so.1\n',
      ),
    });

    const loader = await readLoaderPath(host);
    const [libcuda] = await findLibraries(host, ['libcuda.so.1'], { loader });

    expect(libcuda?.copies.map(({ path, version, place }) => [path, version, place])).toEqual([
      ['/opt/b/libcuda.so.1', '550.54.15', 'ld-library-path'],
      ['/cached/libcuda.so.1', '535.54.03', 'ld-cache'],
      ['/usr/lib/libcuda.so.1', '470.256.02', 'default-folder'],
    ]);
    expect(libcuda?.loaded?.path).toBe('/opt/b/libcuda.so.1');
  });

  it('does not take for found what only lies in a known folder', async () => {
    const host = createDataHost({
      entries: { '/usr/lib64-nvidia/libcuda.so.1': { sizeBytes: 28_000_000 } },
    });

    const loader = await readLoaderPath(host);
    const [libcuda] = await findLibraries(host, ['libcuda.so.1'], { loader });

    expect(libcuda?.loaded).toBeUndefined();
    expect(libcuda?.copies).toMatchObject([{ place: 'known-folder', isOnLoaderPath: false }]);
  });
});

describe('findCLibrary', () => {
  it.each<readonly [string, DataHostInput, object]>([
    [
      'glibc by ldd, where there is no getconf',
      {
        entries: { '/lib64/ld-linux-x86-64.so.2': {} },
        commands: {
          'ldd --version': { stdout: 'ldd (Ubuntu GLIBC 2.39-0ubuntu8.4) 2.39\nCopyright\n' },
        },
      },
      { kind: 'glibc', version: '2.39', source: 'program' },
    ],
    [
      'musl by its loader',
      {
        entries: { '/lib/ld-musl-x86_64.so.1': {} },
        commands: {
          '/lib/ld-musl-x86_64.so.1': {
            exitCode: 1,
            stderr: 'musl libc (x86_64)\nVersion 1.2.5\n',
          },
        },
      },
      { kind: 'musl', version: '1.2.5', source: 'program' },
    ],
    [
      'glibc that does not say',
      { entries: { '/lib64/ld-linux-x86-64.so.2': {} } },
      { kind: 'glibc', version: undefined, source: 'file' },
    ],
  ])('knows %s', async (_what, input, expected) => {
    await expect(findCLibrary(createDataHost(input))).resolves.toEqual(expected);
  });
});

describe('readPython', () => {
  it('finds PyTorch and the wheels without importing them, past the shim of pyenv', async () => {
    const python = '/home/user/.pyenv/versions/3.12.1/bin/python3';
    const base = createDataHost({
      env: { PATH: '/home/user/.pyenv/shims' },
      files: {
        '/home/user/.pyenv/version': '3.12.1\n',
        '/site/torch/version.py': "__version__ = '2.8.0+cu128'\ncuda: Optional[str] = '12.8'\n",
      },
      entries: {
        '/home/user/.pyenv/shims/python3': {},
        [python]: {},
        '/site/nvidia/cu13/lib/x': {},
      },
    });
    const stdout = 'version=3.12.1\ntorch=/site/torch\nnvidia=/site/nvidia\n';
    const run: typeof base.run = async (command) => ({
      exitCode: 0,
      isInstalled: true,
      stdout: command === python ? stdout : '',
      stderr: '',
    });

    await expect(readPython({ ...base, run })).resolves.toEqual({
      path: python,
      version: '3.12.1',
      torch: { version: '2.8.0+cu128', cuda: '12.8' },
      nvidiaFolders: ['/site/nvidia/cu13'],
    });
  });
});

describe('readDisk', () => {
  it('asks the nearest folder that exists', async () => {
    const host = createDataHost({
      env: { LLCUDA_HOME: '/data/a/b' },
      entries: { '/data': { kind: 'folder' } },
      freeBytes: { '/data': 5, '/': 7 },
    });

    await expect(readDisk(host)).resolves.toEqual({
      storePath: '/data/a/b',
      doesStoreExist: false,
      freeBytes: 5,
    });
  });
});
