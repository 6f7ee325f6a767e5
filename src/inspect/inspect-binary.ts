import type { HostDevice } from '../compat/host-device.ts';
import { describeError } from '../errors/describe-error.ts';
import { decodeImages } from './decode-images.ts';
import { describeFile } from './describe-file.ts';
import type { BinarySource, InspectOptions } from './inspect-options.ts';
import type { FileReport, InspectedFile, InspectReport } from './inspect-report.ts';
import { visitBinaries, type OpenBinary } from './visit-binaries.ts';

/**
 * Lists the GPU code of a binary, or of every binary in a folder or archive, and says with `for` whether it runs there.
 * Only headers are read. A file in a folder or archive that cannot be read is an entry with its error.
 *
 * Throws `BINARY_MALFORMED`, `BINARY_UNSUPPORTED`, `BINARY_TOO_LARGE`, `SOURCE_UNREADABLE`, `SOURCE_CHANGED`,
 * `RANGE_UNSUPPORTED`, `DOWNLOAD_*`, `PACKAGE_FETCH_FAILED`, `DISK_FULL`, `STORE_NOT_WRITABLE`, `USAGE_INVALID`.
 */
export async function inspectBinary(
  source: BinarySource,
  options: InspectOptions = {},
): Promise<InspectReport> {
  const files: InspectedFile[] = [];
  const host = resolveHost(options);
  await visitBinaries(source, options, async (binary) => {
    files.push(await describeBinary(binary, host, options));
  });
  // Large members of compressed archives come late.
  files.sort((left, right) => (left.path < right.path ? -1 : Number(left.path > right.path)));
  return { schemaVersion: 1, files };
}

function resolveHost({ for: host, environment }: InspectOptions): HostDevice | undefined {
  return host && environment ? { ...host, environment } : host;
}

async function describeBinary(
  binary: OpenBinary,
  host: HostDevice | undefined,
  { deep = false, signal }: InspectOptions,
): Promise<InspectedFile> {
  const { path } = binary;
  if (binary.code === undefined) {
    const { code, message } = describeError(binary.error);
    return { path, error: { code, message } };
  }
  const report: FileReport = describeFile(path, binary.code, host);
  if (!deep) return report;
  return { ...report, decoded: await decodeImages(binary.source, binary.code.fatbins, { signal }) };
}
