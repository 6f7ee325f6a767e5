import type { ProgressSink } from '../events/progress-event.ts';
import type { Host } from '../host/host.ts';
import type { PlanRequest } from './plan/plan-build.ts';

export interface BuildOptions extends Omit<PlanRequest, 'toolkit' | 'devices' | 'arch'> {
  /** A folder or tar archive of llama.cpp, or `npm`. @defaultValue the pinned source */
  readonly source?: string | undefined;
  /** A CUDA toolkit by version (`12.4`) or folder. @defaultValue the first found */
  readonly toolkit?: string | undefined;
  /** A C++ compiler. @defaultValue the first that the toolkit accepts */
  readonly hostCompiler?: string | undefined;
  /** Compilers at once. @defaultValue as many as there are cores, and memory for */
  readonly jobs?: number | undefined;
  /** What to build of llama-server, llama-cli, llama-bench. @defaultValue all that the source has */
  readonly programs?: readonly string[] | undefined;
  /** @defaultValue this machine */
  readonly host?: Host | undefined;
  readonly onProgress?: ProgressSink | undefined;
  readonly signal?: AbortSignal | undefined;
}
