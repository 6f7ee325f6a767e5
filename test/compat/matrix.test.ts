import { describe, expect, it } from 'vitest';
import { createMatrix } from '../../src/compat/create-matrix.ts';
import { formatMatrix } from '../../src/compat/format-matrix.ts';
import { samples } from './support.ts';

describe('createMatrix', () => {
  it('shows where a build of llama.cpp with CUDA 13.1 runs', () => {
    const text = formatMatrix(createMatrix(samples.nlc));

    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(text).toMatchInlineSnapshot(`
      "GPU                470   535.261.03  550.54.15  570   580.82.07  590     610
                   CUDA  11.4  12.2        12.4       12.8  13.0       13.1    13.3
      T4           7.5   35    35          35         35    222        jit     jit
      A100         8.0   35    35          35         35    222        jit     jit
      L4           8.9   -     35          35         35    native     native  native
      RTX 3090     8.6   35    35          35         35    native     native  native
      RTX 4090     8.9   -     35          35         35    native     native  native
      H100         9.0   -     35          35         35    222        jit     jit
      B200         10.0  -     -           -          35    222        jit     jit
      RTX 5090     12.0  -     -           -          35    native     native  native
      V100         7.0   35    35          35         35    209        -       -
      P100         6.0   35    35          35         35    209        -       -
      GTX 1080 Ti  6.1   35    35          35         35    209        -       -
      Jetson Orin  8.7   35    35          35         35    222        jit     jit
      DGX Spark    12.1  -     -           -          -     native     native  native

      native: runs as it is. jit: runs after the driver has compiled PTX.
      A number: the CUDA error. -: this driver does not know this GPU."
    `);
  });

  it('shows where its CUDA 12.4 fallback runs', () => {
    expect(formatMatrix(createMatrix(samples.nlcFallback))).toMatchInlineSnapshot(`
      "GPU                470   535.261.03  550.54.15  570     580.82.07  590     610
                   CUDA  11.4  12.2        12.4       12.8    13.0       13.1    13.3
      T4           7.5   35    222         jit        jit     jit        jit     jit
      A100         8.0   35    222         jit        jit     jit        jit     jit
      L4           8.9   -     native      native     native  native     native  native
      RTX 3090     8.6   35    native      native     native  native     native  native
      RTX 4090     8.9   -     native      native     native  native     native  native
      H100         9.0   -     222         jit        jit     jit        jit     jit
      B200         10.0  -     -           -          jit     jit        jit     jit
      RTX 5090     12.0  -     -           -          jit     jit        jit     jit
      V100         7.0   35    222         jit        jit     jit        -       -
      P100         6.0   35    222         jit        jit     jit        -       -
      GTX 1080 Ti  6.1   35    222         jit        jit     jit        -       -
      Jetson Orin  8.7   35    222         jit        jit     jit        jit     jit
      DGX Spark    12.1  -     -           -          -       jit        jit     jit

      native: runs as it is. jit: runs after the driver has compiled PTX.
      A number: the CUDA error. -: this driver does not know this GPU."
    `);
  });

  it('takes other GPUs and drivers, and writes Markdown', () => {
    const matrix = createMatrix(samples.fugood, {
      gpus: ['9.0', 'rtx 4090'],
      drivers: ['551.61', '555.85'],
      os: 'windows',
    });

    expect(formatMatrix(matrix, { style: 'markdown' })).toMatchInlineSnapshot(`
      "| GPU |  | 551.61 | 555.85 |
      | --- | --- | --- | --- |
      |  | CUDA | 12.4 | 12.5 |
      | 9.0 | 9.0 | 222 | jit |
      | rtx 4090 | 8.9 | native | native |"
    `);
  });

  it('refuses a GPU that it does not know', () => {
    expect(() => createMatrix(samples.nlc, { gpus: ['quantum'] })).toThrow(
      expect.objectContaining({ code: 'TARGET_INVALID' }),
    );
  });
});
