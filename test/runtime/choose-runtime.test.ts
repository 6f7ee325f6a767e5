import { describe, expect, it } from 'vitest';
import { chooseRuntime } from '../../src/runtime/choose-runtime.ts';

const none = { names: [], isHidden: false };
const one = { names: ['Tesla T4'], isHidden: false };
const two = { names: ['Tesla T4', 'Tesla T4'], isHidden: false };
const hidden = { names: ['Tesla T4'], isHidden: true };

describe('chooseRuntime', () => {
  it.each([
    { mode: 'auto', gpus: none },
    { mode: 'auto', gpus: hidden },
    { mode: 'off', gpus: none },
    { mode: 'off', gpus: one },
  ] as const)('runs on the processor with $mode and $gpus', ({ mode, gpus }) => {
    expect(chooseRuntime({ mode, gpus, hasMetal: false })).toEqual({
      kind: 'embedded',
      gpu: 'off',
    });
  });

  it.each([
    { mode: 'auto', gpus: one, message: /has Tesla T4, and no installed runtime can use it/ },
    { mode: 'required', gpus: one, message: /has Tesla T4/ },
    { mode: 'auto', gpus: two, message: /has 2 NVIDIA GPUs \(Tesla T4, \.\.\.\)/ },
  ] as const)(
    'never falls back to the processor with $mode and $gpus.names',
    ({ mode, gpus, message }) => {
      expect(() => chooseRuntime({ mode, gpus, hasMetal: false })).toThrow(
        expect.objectContaining({
          code: 'GPU_RUNTIME_MISSING',
          message: expect.stringMatching(message),
          hint: expect.stringContaining('--gpu off'),
        }),
      );
    },
  );

  it('names the server runtimes that are there, and that models do not run on them yet', () => {
    const servers = ['b6000-linux-x64-cuda12-00000000'];

    expect(() => chooseRuntime({ mode: 'auto', gpus: one, hasMetal: false, servers })).toThrow(
      expect.objectContaining({
        code: 'GPU_RUNTIME_MISSING',
        message: expect.stringContaining('installed: b6000-linux-x64-cuda12-00000000'),
        detail: { gpus: ['Tesla T4'], servers },
      }),
    );
  });

  it.each([
    { gpus: none, message: /no NVIDIA GPU/ },
    { gpus: hidden, message: /CUDA_VISIBLE_DEVICES hides/ },
  ])('says why a required GPU is missing: $gpus', ({ gpus, message }) => {
    expect(() => chooseRuntime({ mode: 'required', gpus, hasMetal: false })).toThrow(
      expect.objectContaining({ code: 'GPU_NOT_FOUND', message: expect.stringMatching(message) }),
    );
  });

  it.each([
    { mode: 'auto', gpu: 'auto' },
    { mode: 'required', gpu: 'auto' },
    { mode: 'off', gpu: 'off' },
  ] as const)('uses Metal with $mode as asked', ({ mode, gpu }) => {
    expect(chooseRuntime({ mode, gpus: none, hasMetal: true })).toEqual({ kind: 'embedded', gpu });
  });
});
