import type { ProgressSink } from '../../events/progress-event.ts';
import type { Host } from '../../host/host.ts';
import type { HttpFetch } from '../../net/http-fetch.ts';
import type { Store } from '../store.ts';
import type { HostProfile } from './host-profile.ts';
import type { InstallStep } from './install-step.ts';

/** What every step of an installation works with. */
export interface InstallContext {
  readonly host: Host;
  readonly fetch: HttpFetch;
  readonly store: Store;
  readonly profile: HostProfile;
  readonly gpu: 'auto' | 'off';
  readonly onProgress: ProgressSink;
  readonly onStep: (step: InstallStep) => Promise<void>;
  readonly signal: AbortSignal | undefined;
}
