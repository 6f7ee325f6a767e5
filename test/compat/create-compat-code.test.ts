import { describe, expect, it } from 'vitest';
import { noLibraries } from '../../src/binary/linked-libraries.ts';
import { createCompatCode } from '../../src/compat/create-compat-code.ts';
import type { Fatbin } from '../../src/fatbin/fatbin.ts';

const fatbin = (section: string | undefined): Fatbin => ({
  offset: 0,
  sizeBytes: 16,
  section,
  member: undefined,
  isStub: false,
  images: [],
});

describe('createCompatCode', () => {
  it.each([
    { needed: ['libcudart.so.12'], section: '.nv_fatbin', runtimeMajor: 12 },
    { needed: ['libcublas.so.12'], section: '.nv_fatbin', runtimeMajor: 12 },
    { needed: ['libcuda.so.1'], section: '.nv_fatbin', runtimeMajor: 13 },
    { needed: ['kernel32.dll'], section: '.nv_fatb', runtimeMajor: 13 },
    { needed: [], section: undefined, runtimeMajor: undefined },
  ])('$needed and $section tell runtime $runtimeMajor', ({ needed, section, runtimeMajor }) => {
    const code = createCompatCode({
      fatbins: [fatbin(section)],
      libraries: { ...noLibraries, needed },
      toolkit: {
        highestPtxIsa: { major: 9, minor: 1 },
        cubinToolkit: undefined,
        cudartMajor: undefined,
      },
    });

    expect(code.runtimeMajor).toBe(runtimeMajor);
  });
});
