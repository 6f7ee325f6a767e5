import type { ProgressSink } from '../../events/progress-event.ts';
import type { Host } from '../../host/host.ts';

export interface SourceOptions {
  readonly host: Host;
  readonly onProgress?: ProgressSink | undefined;
  readonly signal?: AbortSignal | undefined;
}
