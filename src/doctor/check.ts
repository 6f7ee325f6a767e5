import type { CheckContext } from './check-context.ts';
import type { CheckNeed } from './check-needs.ts';

/** Parts of a report, in its order. */
export const checkGroups = {
  gpu: 'GPU and driver',
  cuda: 'CUDA libraries',
  runtimes: 'llama.cpp runtimes',
  build: 'Build tools',
  store: 'Models and store',
  platform: 'Platform',
} as const;

export type CheckGroup = keyof typeof checkGroups;

/** `warn`: works, but not as it could. `skip`: does not apply here, or nothing tells. */
export type CheckStatus = 'ok' | 'warn' | 'fail' | 'skip';

/** What a check finds. A problem always comes with what to do about it. */
export type CheckOutcome =
  | {
      readonly status: 'ok' | 'skip';
      /** One sentence. */
      readonly summary: string;
      /** More sentences, shown with `--verbose`. */
      readonly detail?: readonly string[] | undefined;
    }
  | {
      readonly status: 'warn' | 'fail';
      readonly summary: string;
      readonly detail?: readonly string[] | undefined;
      /** One imperative sentence. */
      readonly fix: string;
      /** To be pasted, in this order. */
      readonly commands?: readonly string[] | undefined;
    };

/** One question about a host, answered from facts alone: the same facts give the same answer. */
export interface Check {
  /** Kebab-case; `--only` takes it. */
  readonly id: string;
  /** What it looks at, a noun. */
  readonly title: string;
  readonly group: CheckGroup;
  /** Without these it is skipped. */
  readonly needs?: readonly CheckNeed[];
  /** Whether a failure leaves no GPU that a program could use. @defaultValue false */
  readonly stopsGpu?: boolean;
  readonly run: (context: CheckContext) => CheckOutcome;
}
