import type { UsedRuntime } from '../../runtime/server/use-runtime.ts';

/** Which runtime is active now, where it is, and which one was before. */
export function formatSwitch({ runtime, previous }: UsedRuntime): string {
  const before = previous === undefined ? '' : `  before: ${previous} (llcuda rollback)\n`;
  return `${runtime.name} is active\n  ${runtime.directory}\n${before}`;
}
