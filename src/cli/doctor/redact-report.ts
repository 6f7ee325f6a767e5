import type { DoctorReport } from '../../doctor/doctor-report.ts';
import type { Host } from '../../host/host.ts';
import { createRedactor } from '../../host/snapshot/create-redactor.ts';

/** A copy without what tells whose machine it is: user, host, serial numbers, UUIDs, addresses, tokens. */
export async function redactReport(report: DoctorReport, host: Host): Promise<DoctorReport> {
  const hostName = await host.readText('/etc/hostname');
  const { platform, arch, homeDirectory, workingDirectory, coreCount } = host;
  const env = Object.fromEntries(
    Object.entries(host.env).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value] as const],
    ),
  );
  const { text } = createRedactor({
    host: { platform, arch, homeDirectory, workingDirectory, coreCount, env },
    files: hostName === undefined ? {} : { '/etc/hostname': hostName },
  });
  // Folders of others, too.
  const redact = (value: string): string =>
    text(value).replaceAll(/(\/home\/|\/Users\/|\\Users\\)[^/\\\s:'"]+/g, '$1user');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- The same shape: only texts are replaced.
  return mapTexts(report, redact) as DoctorReport;
}

function mapTexts(value: unknown, map: (text: string) => string): unknown {
  if (typeof value === 'string') return map(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, map));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, mapTexts(item, map)]),
  );
}
