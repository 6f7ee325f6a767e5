import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkCompatibility, findOutcome } from '../../../src/compat/check-compatibility.ts';
import type { CompatCode, CompatImage } from '../../../src/compat/compat-image.ts';
import { parseTarget, resolveTarget } from '../../../src/compat/parse-target.ts';
import { createGpuSummary, readGpuSummary } from '../../../src/runtime/bundle/gpu-summary.ts';

const image: fc.Arbitrary<CompatImage> = fc
  .record({
    kind: fc.constantFrom('sass', 'ptx', 'lto', 'mercury', 'unknown'),
    capability: fc.constantFrom(50, 75, 80, 86, 90, 100, 120),
    variant: fc.constantFrom(undefined, undefined, 'a', 'f'),
    minor: fc.nat({ max: 8 }),
    compression: fc.constantFrom('none', 'lz4', 'zstd'),
    bytes: fc.nat({ max: 1_000_000 }),
    isSlice: fc.boolean(),
  } as const)
  .map(({ kind, capability, variant, minor, compression, bytes, isSlice }) => ({
    kind,
    target: { capability, variant },
    ptxIsa: kind === 'ptx' ? { major: 8, minor } : undefined,
    compression,
    payloadBytes: bytes,
    decompressedBytes: compression === 'none' ? undefined : bytes * 3,
    slice: isSlice ? { sizeBytes: bytes + 1 } : undefined,
  }));

const code: fc.Arbitrary<CompatCode> = fc.record({
  runtimeMajor: fc.constantFrom(undefined, 11, 12, 13),
  fatbins: fc.array(
    fc.record({ images: fc.array(image, { maxLength: 3 }), isStub: fc.boolean() }),
    { maxLength: 5 },
  ),
});

const host = fc
  .tuple(
    fc.constantFrom('t4', 'a100', 'rtx 4090', 'h100', 'v100', 'rtx 5090'),
    fc.constantFrom('470', '535.261.03', '550.54.15', '580.82.07', '610'),
  )
  .map(([gpu, driver]) => {
    const text = `${gpu},driver=${driver}`;
    return resolveTarget(parseTarget(text), text);
  });

describe('a summary of GPU code', () => {
  it('gets the same verdict as the code, on every host, also by way of JSON', () => {
    fc.assert(
      fc.property(code, host, (whole, device) => {
        const json: unknown = JSON.parse(JSON.stringify(createGpuSummary(whole)));

        const read = readGpuSummary(json as ReturnType<typeof createGpuSummary>);

        expect(checkCompatibility(read, device)).toEqual(checkCompatibility(whole, device));
      }),
      { numRuns: 1000 },
    );
  });

  it('is not larger for a hundred fatbins that are alike', () => {
    const fatbins = Array.from({ length: 143 }, () => ({
      isStub: false,
      images: [
        {
          kind: 'ptx' as const,
          target: { capability: 75, variant: undefined },
          ptxIsa: { major: 9, minor: 1 },
          compression: 'none' as const,
          payloadBytes: 10,
          decompressedBytes: undefined,
        },
      ],
    }));

    expect(createGpuSummary({ fatbins, runtimeMajor: 13 })).toEqual({
      runtimeMajor: 13,
      fatbins: [
        {
          count: 143,
          images: [
            {
              kind: 'ptx',
              target: 'compute_75',
              ptxIsa: '9.1',
              compression: 'none',
              bytes: 1430,
            },
          ],
        },
      ],
    });
  });

  it('has the outcome of its verdict', () => {
    fc.assert(
      fc.property(code, host, (whole, device) => {
        expect(findOutcome(whole, device)).toBe(checkCompatibility(whole, device).outcome);
      }),
      { numRuns: 1000 },
    );
  });
});
