/** Samples that the percentiles look back on. */
const WINDOW = 1_000;

/** Spread of a measured time over the last 1,000 answers, in milliseconds. */
export interface Distribution {
  readonly meanMs: number;
  readonly minMs: number;
  readonly maxMs: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
}

/** What an engine did since it was loaded or since `resetMetrics()`. */
export interface EngineMetrics {
  /** Answers that were completed. */
  readonly requests: number;
  /** Requests that ended in an error, those cut short by their caller included. */
  readonly failures: number;
  readonly promptTokens: number;
  readonly generatedTokens: number;
  /** Over all answers: generated tokens by the time from the first to the last of each. */
  readonly tokensPerSecond: number;
  /** From the call to the end of the answer; absent before the first answer. */
  readonly latency: Distribution | undefined;
  /** From the call to the first piece of text; absent before the first answer. */
  readonly timeToFirstToken: Distribution | undefined;
}

export interface AnswerSample {
  readonly promptTokens: number;
  readonly generatedTokens: number;
  readonly timeToFirstTokenMs: number;
  readonly totalMs: number;
}

/** Counts answers. Memory stays bounded: the percentiles see the last 1,000. */
export class MetricsRecorder {
  #requests = 0;
  #failures = 0;
  #promptTokens = 0;
  #generatedTokens = 0;
  #steadyTokens = 0;
  #steadyMs = 0;
  #latencies: number[] = [];
  #firstTokens: number[] = [];

  addAnswer(sample: AnswerSample): void {
    const position = this.#requests % WINDOW;
    this.#requests += 1;
    this.#promptTokens += sample.promptTokens;
    this.#generatedTokens += sample.generatedTokens;
    this.#steadyTokens += Math.max(0, sample.generatedTokens - 1);
    this.#steadyMs += sample.totalMs - sample.timeToFirstTokenMs;
    this.#latencies[position] = sample.totalMs;
    this.#firstTokens[position] = sample.timeToFirstTokenMs;
  }

  addFailure(): void {
    this.#failures += 1;
  }

  snapshot(): EngineMetrics {
    return {
      requests: this.#requests,
      failures: this.#failures,
      promptTokens: this.#promptTokens,
      generatedTokens: this.#generatedTokens,
      tokensPerSecond: tokensPerSecond(this.#steadyTokens, this.#steadyMs),
      latency: describe(this.#latencies),
      timeToFirstToken: describe(this.#firstTokens),
    };
  }
}

/** Zero where there is nothing to measure yet. */
export function tokensPerSecond(tokens: number, durationMs: number): number {
  return durationMs > 0 ? (tokens / durationMs) * 1000 : 0;
}

function describe(samples: readonly number[]): Distribution | undefined {
  const sorted = samples.toSorted((left, right) => left - right);
  const [minMs] = sorted;
  const maxMs = sorted.at(-1);
  if (minMs === undefined || maxMs === undefined) return undefined;
  // Nearest rank: the smallest sample that is not below the given part of all samples.
  const rank = (part: number): number => sorted[Math.ceil(part * sorted.length) - 1] ?? maxMs;
  return {
    meanMs: sorted.reduce((sum, sample) => sum + sample, 0) / sorted.length,
    minMs,
    maxMs,
    p50Ms: rank(0.5),
    p95Ms: rank(0.95),
    p99Ms: rank(0.99),
  };
}
