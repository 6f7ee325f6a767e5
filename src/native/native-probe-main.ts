// Loads libcuda and NVML and prints what they say: a process of its own, since either may crash or hang.
import { readFileSync, writeSync } from 'node:fs';
import { askLibcuda } from './ask-libcuda.ts';
import { askNvml } from './ask-nvml.ts';
import { loadKoffi } from './load-koffi.ts';
import type { NativeAnswer } from './native-answer.ts';

const isWindows = process.platform === 'win32';
let answer: NativeAnswer = { schemaVersion: 1, step: 'koffi' };

const tell = (more: Partial<NativeAnswer>): void => {
  answer = { ...answer, ...more };
  // Synchronous: the next call may be the last one.
  writeSync(1, `${JSON.stringify(answer)}\n`);
};

const readMaps = (): string | undefined => {
  try {
    return readFileSync('/proc/self/maps', 'utf8');
  } catch {
    return undefined;
  }
};

const loaded = await loadKoffi();
if ('unavailable' in loaded) {
  tell({ unavailable: loaded.unavailable });
} else {
  const { koffi } = loaded;
  const nvml = askNvml(koffi, {
    fileName: isWindows ? 'nvml.dll' : 'libnvidia-ml.so.1',
    readMaps,
    onStep: (step, known) => tell({ step, nvml: known }),
  });
  tell({ step: 'libcuda', nvml });
  const libcuda = askLibcuda(koffi, {
    fileName: isWindows ? 'nvcuda.dll' : 'libcuda.so.1',
    readMaps,
    onStep: (step, known) => tell({ step, libcuda: known }),
  });
  tell({ step: 'done', libcuda });
}
// Without what the libraries do at exit, which can hang or crash: all is said, and the kernel puts things away.
process.kill(process.pid, 'SIGKILL');
