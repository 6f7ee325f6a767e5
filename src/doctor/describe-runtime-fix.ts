import type { CheckContext } from './check-context.ts';
import { describeCompilerFix } from './describe-compiler-fix.ts';
import { createBuildCommand, describeBestBuild } from './describe-llama-build.ts';
import { isBuildCause } from './is-build-cause.ts';
import type { RuntimeVerdict } from './judge-runtimes.ts';

export interface RuntimeFix {
  readonly fix: string;
  readonly commands: readonly string[];
}

/** What to do about GPU code that fails here. In a notebook or a container the driver is not the user's to update. */
export function describeRuntimeFix({ verdict }: RuntimeVerdict, context: CheckContext): RuntimeFix {
  const { platform, environment } = context.facts;
  if (environment.forcePtxJit) return { fix: verdict.fix ?? '', commands: [] };
  if (verdict.cause === 'jit-compiler-missing') return describeCompilerFix(context.facts);
  // Another build would meet the same.
  if (!isBuildCause(verdict.cause)) {
    return { fix: verdict.fix ?? 'Take another build of llama.cpp.', commands: [] };
  }
  const command = createBuildCommand(context);
  const commands = command === undefined ? [] : [command];
  const isForeign = platform.service !== undefined || platform.container !== undefined;
  const fix = isForeign ? `Use ${describeBestBuild(context.devices)}.` : (verdict.fix ?? '');
  return { fix, commands };
}
