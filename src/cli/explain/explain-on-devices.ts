import type { HostDevice } from '../../compat/host-device.ts';
import { parseTarget, resolveTarget } from '../../compat/parse-target.ts';
import type { LogFacts } from '../../doctor/explain/collect-facts.ts';
import { explainLog, type LogExplanation } from '../../doctor/explain/explain-log.ts';
import {
  findLogDevices,
  findLogDriver,
  findLogGpu,
} from '../../doctor/explain/find-log-devices.ts';
import type { LogText } from '../../doctor/explain/log-text.ts';
import type { Host } from '../../host/host.ts';
import { inspectBinary } from '../../inspect/inspect-binary.ts';
import type { FileReport } from '../../inspect/inspect-report.ts';
import type { HttpFetch } from '../../net/http-fetch.ts';
import { findHostDevices } from '../../probe/find-host-devices.ts';
import { readSnapshotHost } from '../read-snapshot-host.ts';
import { readSnapshotCase } from './read-snapshot-case.ts';

export interface ExplainOnDevicesOptions {
  /** Values of `--for`. */
  readonly targets: readonly string[];
  /** File of `--from`. */
  readonly snapshot?: string | undefined;
  /** Paths of `--binary`. */
  readonly binaries: readonly string[];
  readonly host: Host;
  readonly fetch: HttpFetch;
  readonly signal: AbortSignal;
}

/** Explains a log for the devices that are named, else for those of the log, and for the binaries. */
export async function explainOnDevices(
  log: LogText,
  options: ExplainOnDevicesOptions,
): Promise<LogExplanation> {
  const { targets, binaries, snapshot, host, fetch, signal } = options;
  const first = explainLog(log);
  if (targets.length === 0 && binaries.length === 0 && snapshot === undefined) return first;
  if (snapshot !== undefined) {
    const machine = await readSnapshotHost(snapshot, { host, signal });
    return explainLog(log, await readSnapshotCase(machine, signal));
  }
  const devices = await findDevices(first.facts, options);
  const [device] = devices;
  const reports: FileReport[] = [];
  for (const path of binaries) {
    const { files } = await inspectBinary(path, { host, fetch, signal, for: device });
    reports.push(...files.filter((file) => 'images' in file));
  }
  return explainLog(log, { devices, binaries: reports });
}

async function findDevices(
  facts: LogFacts,
  { targets, host, signal }: ExplainOnDevicesOptions,
): Promise<readonly HostDevice[]> {
  if (targets.length === 0) return findDefaultDevices(facts, { host, signal });
  const devices: HostDevice[] = [];
  for (const text of targets) {
    const target = parseTarget(text);
    const machines = target.isHost ? await findHostDevices(host, { signal }) : [];
    // What a target leaves out comes from the log, unless it is to come from this machine.
    const whole = target.isHost
      ? target
      : {
          ...target,
          gpu: target.gpu ?? findLogGpu(facts),
          driver: target.driver ?? findLogDriver(facts),
        };
    for (const base of machines.length > 0 ? machines : [undefined]) {
      devices.push(resolveTarget(whole, text, base));
    }
  }
  return devices;
}

/** The device of the log; else that of this machine, if the log names no other GPU. */
async function findDefaultDevices(
  facts: LogFacts,
  { host, signal }: Pick<ExplainOnDevicesOptions, 'host' | 'signal'>,
): Promise<readonly HostDevice[]> {
  const named = findLogDevices(facts);
  if (named.length > 0) return named;
  const capability = findLogGpu(facts)?.capability;
  const machines = await findHostDevices(host, { signal });
  return machines.filter(({ gpu }) => capability === undefined || gpu.capability === capability);
}
