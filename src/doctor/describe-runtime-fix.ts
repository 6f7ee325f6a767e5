import type { CheckContext } from './check-context.ts';
import { createBuildCommand, describeBestBuild } from './describe-llama-build.ts';
import type { RuntimeVerdict } from './judge-runtimes.ts';

export interface RuntimeFix {
  readonly fix: string;
  readonly commands: readonly string[];
}

/** What to do about GPU code that fails here. In a notebook or a container the driver is not the user's to update. */
export function describeRuntimeFix({ verdict }: RuntimeVerdict, context: CheckContext): RuntimeFix {
  const { platform } = context.facts;
  const command = createBuildCommand(context);
  const commands = command === undefined ? [] : [command];
  switch (verdict.cause) {
    case 'ptx-too-new':
    case 'ptx-unreadable':
    case 'no-image':
    case 'driver-below-runtime':
    case 'compression-unreadable': {
      const isForeign = platform.service !== undefined || platform.container !== undefined;
      const isForced = context.facts.environment.forcePtxJit;
      if (!isForeign || isForced) return { fix: verdict.fix ?? '', commands };
      return { fix: `Use ${describeBestBuild(context.devices)}.`, commands };
    }
    default:
      // A build would meet the same.
      return { fix: verdict.fix ?? 'Take another build of llama.cpp.', commands: [] };
  }
}
