import type { Host } from '../host/host.ts';
import type { HostFacts } from './host-facts.ts';

export interface ProbeOptions {
  readonly signal?: AbortSignal | undefined;
}

/**
 * Looks at a machine, in layers: what the driver's own libraries say, else nvidia-smi, else the kernel and PCI. Every step
 * has a time limit, and what fails is a value in the facts. Never throws, other than when the signal fires.
 */
export async function probeHost(host: Host, options: ProbeOptions = {}): Promise<HostFacts> {
  options.signal?.throwIfAborted();
  throw new Error(`The probe of ${host.platform} is not written yet`);
}
