import type { ExplainLogOptions } from '../../doctor/explain/explain-log.ts';
import { judgeRuntimes } from '../../doctor/judge-runtimes.ts';
import type { Host } from '../../host/host.ts';
import { listHostDevices } from '../../probe/list-host-devices.ts';
import { probeHost } from '../../probe/probe-host.ts';

/** The GPUs of a replayed machine, and the verdicts on what of llama.cpp fails there. */
export async function readSnapshotCase(
  host: Host,
  signal: AbortSignal,
): Promise<Required<ExplainLogOptions>> {
  const facts = await probeHost(host, { signal });
  const devices = listHostDevices(facts);
  const binaries = judgeRuntimes(facts.runtimes, devices)
    .flatMap(({ verdicts }) => verdicts)
    .filter(({ verdict }) => verdict.outcome === 'fail')
    .map(({ path, verdict }) => ({ path, verdict, images: [] }));
  return { devices, binaries };
}
