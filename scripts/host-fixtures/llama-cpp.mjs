/** llama.cpp built by a toolkit with its default list of GPUs: facts of ggml-cuda's CMakeLists.txt. */
export function llamaCpp(
  folder,
  {
    build,
    commit,
    toolkit: version,
    ptxIsa,
    targets,
    runtimeMajor,
    compression = 'zstd',
    arch = 'x86-64',
    cuda = true,
    isBundled = false,
  },
) {
  const system = ['libstdc++.so.6', 'libm.so.6', 'libgcc_s.so.1', 'libc.so.6'];
  const image = (target) => {
    const isPtx = target.startsWith('compute');
    return isPtx
      ? `ptx ${target} ${ptxIsa} ${compression} 9000 90000`
      : `sass ${target} - ${compression} 20000 80000`;
  };
  const shared = { format: 'elf', architecture: arch, runpath: ['$ORIGIN'], glibc: '2.34' };
  const library = (needed, more = {}) => ({
    ...shared,
    sizeBytes: 2_000_000,
    needed: [...needed, ...system],
    fatbins: [],
    ...more,
  });
  // As in llama.cpp's own releases.
  const bundled = isBundled
    ? ['libcudart', 'libcublas', 'libcublasLt'].map((name) => `${name}.so.${runtimeMajor}`)
    : [];
  const binaries = {
    'llama-server': library(['libllama.so', 'libggml.so', 'libggml-base.so']),
    'libllama.so': library(['libggml.so', 'libggml-base.so'], { soname: 'libllama.so' }),
    'libggml.so': library(['libggml-base.so'], { soname: 'libggml.so' }),
    'libggml-base.so': library([], { soname: 'libggml-base.so' }),
    ...(cuda && {
      'libggml-cuda.so': library(
        [
          'libggml-base.so',
          `libcudart.so.${runtimeMajor}`,
          `libcublas.so.${runtimeMajor}`,
          'libcuda.so.1',
        ],
        {
          soname: 'libggml-cuda.so',
          sizeBytes: 90_000_000,
          runtimeMajor,
          toolkit: version,
          fatbins: [{ count: 143, section: '.nv_fatbin', images: targets.map(image) }],
        },
      ),
    }),
  };
  return {
    binaries: Object.fromEntries(
      Object.entries(binaries).map(([name, binary]) => [`${folder}/${name}`, binary]),
    ),
    entries: Object.fromEntries(
      [...Object.keys(binaries), ...bundled].map((name) => [`${folder}/${name}`, {}]),
    ),
    commands: {
      [`${folder}/llama-server --version`]: {
        stderr: `version: ${build} (${commit})\nbuilt with cc for x86_64-linux-gnu\n`,
      },
    },
  };
}

const early = [
  'compute_50',
  'compute_61',
  'compute_70',
  'compute_75',
  'compute_80',
  'sm_86',
  'sm_89',
];
/** Builds that are met: with the toolkits of llama.cpp's releases, and of node-llama-cpp. */
export const builds = {
  'cuda-12.4': {
    build: 6869,
    commit: '7a50cf388',
    toolkit: '12.4',
    ptxIsa: '8.4',
    targets: early,
    runtimeMajor: 12,
    compression: 'lz4',
  },
  'cuda-12.8': {
    build: 9120,
    commit: 'c0ffee123',
    toolkit: '12.8',
    ptxIsa: '8.7',
    targets: [...early, 'compute_90', 'sm_120a'],
    runtimeMajor: 12,
  },
  'cuda-13.1': {
    build: 9300,
    commit: 'd15ea5e01',
    toolkit: '13.1',
    ptxIsa: '9.1',
    targets: ['compute_75', 'compute_80', 'sm_86', 'sm_89', 'compute_90', 'sm_120a', 'sm_121a'],
    runtimeMajor: 13,
  },
};
