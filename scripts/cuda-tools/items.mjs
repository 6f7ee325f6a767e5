// What the tests compare llcuda with: NVIDIA's own tools, drivers' user libraries, and real GPU libraries.
// `files` are what is kept of a package; globs are those of tar and of Python's fnmatch.

const cuda13 = (version, wheels) => ({
  name: `cuda-${version}`,
  from: 'pypi',
  packages: wheels.map(([name, wheelVersion, sha256]) => ({ name, version: wheelVersion, sha256 })),
  files: ['nvidia/cu13/*'],
  executables: ['nvidia/cu13/bin/*', 'nvidia/cu13/nvvm/bin/*'],
});

const cuda13Headers = {
  name: 'cccl-13.0',
  from: 'pypi',
  packages: [
    {
      name: 'nvidia-cuda-cccl',
      version: '13.0.85',
      sha256: 'e0da7ad981f3a8aff08241b5bfc1af868742a63e2762f53a5171c492ef242649',
    },
  ],
  files: ['nvidia/cu13/include/nv/*'],
  executables: [],
};

const driver = (branch, suite, packages, isOptional = false) => ({
  name: `driver-${branch}`,
  from: 'debian',
  packages: packages.map((name) => ({ name, suite })),
  files: ['libcuda', 'libnvidia-ptxjitcompiler', 'libnvidia-fatbinaryloader'].map(
    (library) => `./usr/lib/*/${library}.so*`,
  ),
  isOptional,
});

const npm = (name, packageName, version, integrity, files) => ({
  name,
  from: 'npm',
  packages: [{ name: packageName, version, integrity }],
  files: files.map((file) => `package/${file}`),
});

export const items = [
  {
    name: 'cuobjdump-12.4',
    from: 'debian',
    packages: [{ name: 'nvidia-cuda-toolkit', suite: 'trixie' }],
    files: ['./usr/bin/cuobjdump', './usr/bin/fatbinary', './usr/bin/ptxas'],
  },
  cuda13('13.0', [
    [
      'nvidia-cuda-nvcc',
      '13.0.88',
      '56fe502eb77625a12f25172caa3cdddb4e4c8ba2c8c17dba44b164761b380f03',
    ],
    ['nvidia-nvvm', '13.0.88', 'c5f41ffeb6466944a026dfa5317d7d85355c119bbec279205d22f1869d1054e0'],
    [
      'nvidia-cuda-crt',
      '13.0.88',
      '2c8043c7c9e02492716426e9919fc78d2c5b3b2a7a768a88e952676b08aa55a4',
    ],
    [
      'nvidia-cuda-runtime',
      '13.0.96',
      '7f82250d7782aa23b6cfe765ecc7db554bd3c2870c43f3d1821f1d18aebf0548',
    ],
  ]),
  // What the kernels of llama.cpp include beside the toolkit: nv/target.
  cuda13Headers,
  // The newest: it brings the 13.x cuobjdump, and what the format has grown since 13.0.
  cuda13('13.5', [
    [
      'nvidia-cuda-cuobjdump',
      '13.5.37',
      '38780fee50863252a0b8926357faa91615ca1c8346490563f33a06100cd73f58',
    ],
    [
      'nvidia-cuda-nvcc',
      '13.5.37',
      'f5c4f7ead5d964fb4af42bbf1e6d3ec3c1e6e9d83b53749f691d387e7fcaa3a7',
    ],
    ['nvidia-nvvm', '13.5.37', 'c41bfa362e407405163f103c2229f0765f8cc2ed7d148b754dc77f228bf7e070'],
    [
      'nvidia-cuda-crt',
      '13.5.37',
      'e898b7f73d3035fa89915a3f7bf3b54a73e90249746111aed295822c4729bb29',
    ],
    [
      'nvidia-cuda-runtime',
      '13.5.37',
      'df2b79a8852f10d1fef8c848489c49eebb5754051bf870202a862831412b179d',
    ],
  ]),
  driver('470', 'bookworm', ['libnvidia-tesla-470-cuda1', 'libnvidia-tesla-470-ptxjitcompiler1']),
  driver('525', 'bookworm', ['libnvidia-tesla-cuda1', 'libnvidia-tesla-ptxjitcompiler1']),
  driver('535', 'bookworm', ['libcuda1', 'libnvidia-ptxjitcompiler1']),
  driver('550', 'trixie', ['libcuda1', 'libnvidia-ptxjitcompiler1']),
  // Bullseye leaves the mirrors when its support ends: these older ones are welcome, not needed.
  // The driver 418 keeps its reader of fatbins in a library of its own.
  ...['418', '450', '460'].map((branch) =>
    driver(
      branch,
      'bullseye',
      ['cuda1', 'ptxjitcompiler1', ...(branch === '418' ? ['fatbinaryloader'] : [])].map(
        (library) => `libnvidia-tesla-${branch}-${library}`,
      ),
      true,
    ),
  ),
  npm(
    'node-llama-cpp',
    '@node-llama-cpp/linux-x64-cuda',
    '3.22.1',
    'sha512-8rQCjyNNLZJUFit+YpjwlC4hwkKgOMIkB2wuycKBf8NU2O3ySKbiWZQ8aw9ku2nUTXjSnUIrE6KB88itduTBuA==',
    ['bins/linux-x64-cuda/libggml-cuda.so'],
  ),
  npm(
    'node-llama-cpp-fallback',
    '@node-llama-cpp/linux-x64-cuda-ext',
    '3.22.1',
    'sha512-4e5ajkiM2aR2WAdB/N/ACk4weEhHvOAIrzxZPsIX0xDFW5+6hhShuy1/vs88SK9NGdgAco9IyE28eYS0H1efpA==',
    ['bins/linux-x64-cuda/fallback/libggml-cuda.so'],
  ),
  npm(
    'node-llama-cpp-windows',
    '@node-llama-cpp/win-x64-cuda',
    '3.21.1',
    'sha512-PLz70neFEMkQTlmJqG1ujUtCSgHasLPMxQ9rLkqQVmZYAXqkRj+45TIHCjdn3XqUeaoun0vrO9rRaxZ8NVq9jg==',
    ['bins/win-x64-cuda/ggml-cuda.dll', 'bins/win-x64-cuda/llama-addon.lib'],
  ),
  npm(
    'fugood',
    '@fugood/node-llama-linux-x64-cuda',
    '1.7.15',
    'sha512-nIh/hVwlgvnvjpk1p5PzclHuP3R/ekZYW2MGa+zvuVnkdlE0jgblh0c4WWw6N9a0S7uwCHaigHSZgRSnWJlqsA==',
    ['index.node'],
  ),
  {
    name: 'cublas-13.0',
    from: 'pypi',
    packages: [
      {
        name: 'nvidia-cublas',
        version: '13.0.2.14',
        sha256: '0cf238ffdbe46c00cb9aa98e7bca745c223a5ca5a53e686ac8b3e5a08fe80d6c',
      },
    ],
    files: ['nvidia/cu13/lib/libcublas.so.13', 'nvidia/cu13/lib/libcublasLt.so.13'],
    executables: [],
  },
];
