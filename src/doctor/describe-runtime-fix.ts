import type { FailureCause } from '../compat/verdict.ts';
import type { CheckContext } from './check-context.ts';
import { createBuildCommand, describeBestBuild } from './describe-llama-build.ts';
import type { RuntimeVerdict } from './judge-runtimes.ts';

export interface RuntimeFix {
  readonly fix: string;
  readonly commands: readonly string[];
}

/** What another build of llama.cpp mends. */
const buildCauses: ReadonlySet<FailureCause | undefined> = new Set([
  'ptx-too-new',
  'ptx-unreadable',
  'no-image',
  'driver-below-runtime',
  'compression-unreadable',
] as const);

/** What to do about GPU code that fails here. In a notebook or a container the driver is not the user's to update. */
export function describeRuntimeFix({ verdict }: RuntimeVerdict, context: CheckContext): RuntimeFix {
  const { platform, environment } = context.facts;
  if (environment.forcePtxJit) return { fix: verdict.fix ?? '', commands: [] };
  // Another build would meet the same.
  if (!buildCauses.has(verdict.cause)) {
    return { fix: verdict.fix ?? 'Take another build of llama.cpp.', commands: [] };
  }
  const command = createBuildCommand(context);
  const commands = command === undefined ? [] : [command];
  const isForeign = platform.service !== undefined || platform.container !== undefined;
  const fix = isForeign ? `Use ${describeBestBuild(context.devices)}.` : (verdict.fix ?? '');
  return { fix, commands };
}
