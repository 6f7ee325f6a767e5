import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MetricsRecorder } from '../../src/engine/engine-metrics.ts';

function record(times: readonly number[]): MetricsRecorder {
  const recorder = new MetricsRecorder();
  for (const totalMs of times) {
    recorder.addAnswer({ promptTokens: 2, generatedTokens: 11, timeToFirstTokenMs: 0, totalMs });
  }
  return recorder;
}

describe('MetricsRecorder', () => {
  it('has nothing to tell before the first answer', () => {
    expect(new MetricsRecorder().snapshot()).toEqual({
      requests: 0,
      failures: 0,
      promptTokens: 0,
      generatedTokens: 0,
      tokensPerSecond: 0,
      latency: undefined,
      timeToFirstToken: undefined,
    });
  });

  it('takes percentiles by nearest rank and speed over all answers', () => {
    const times = Array.from({ length: 100 }, (_, index) => index + 1);

    expect(record(times).snapshot()).toMatchObject({
      requests: 100,
      promptTokens: 200,
      generatedTokens: 1100,
      // 10 steps of each answer in 5,050 ms altogether.
      tokensPerSecond: (1000 / 5050) * 1000,
      latency: { minMs: 1, p50Ms: 50, p95Ms: 95, p99Ms: 99, maxMs: 100, meanMs: 50.5 },
    });
  });

  it('looks back on the last 1,000 answers and counts all', () => {
    const times = [...Array(500).fill(1_000_000), ...Array(1000).fill(5)];

    const { requests, latency } = record(times).snapshot();

    expect(requests).toBe(1500);
    expect(latency).toMatchObject({ minMs: 5, maxMs: 5 });
  });

  it('keeps its percentiles in order', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1e6 }), { minLength: 1 }), (times) => {
        const { latency } = record(times).snapshot();
        const { minMs, p50Ms, p95Ms, p99Ms, maxMs, meanMs } = latency!;

        expect([minMs, p50Ms, p95Ms, p99Ms, maxMs]).toEqual(
          [minMs, p50Ms, p95Ms, p99Ms, maxMs].toSorted((a, b) => a - b),
        );
        expect(meanMs).toBeGreaterThanOrEqual(minMs);
        expect(meanMs).toBeLessThanOrEqual(maxMs);
      }),
    );
  });
});
