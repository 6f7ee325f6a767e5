/** GPUs that belong together, and the machine they are found in. */
export interface GpuPreset {
  readonly name: string;
  /** Names of the GPU table. */
  readonly gpus: readonly string[];
  /** The oldest driver met there since 2025. */
  readonly minimumDriver: string;
  /** Of the system image there; what is built must not need a newer one. */
  readonly glibc: string;
  readonly source: string;
}

/** What `--gpu` takes beside names and capabilities. `native` and `all` are no data: see `resolveGpus`. */
export const gpuPresets: readonly GpuPreset[] = [
  {
    name: 'colab',
    gpus: ['T4', 'L4', 'A100', 'H100'],
    minimumDriver: '550.54.15',
    glibc: '2.35',
    source:
      'googlecolab/colabtools #5416 and #5578 (550.54.15, Ubuntu 22.04); notebooks of 2026-06 and later have 580.82.07',
  },
  {
    name: 'kaggle',
    gpus: ['T4', 'L4', 'RTX PRO 6000'],
    minimumDriver: '550.54.15',
    glibc: '2.35',
    source:
      'Kaggle/docker-python #1546, Kaggle/kaggle-cli #1151 (P100 is being phased out: name it if you need it)',
  },
];
