import { detectFormat, type FileFormat } from '../binary/detect-format.ts';
import { FORMAT_HEAD_BYTES } from '../binary/limits.ts';
import type { ByteSource, ReadOptions } from '../bytes/byte-source.ts';
import { createCachedSource } from '../bytes/create-cached-source.ts';
import { unsupportedError } from '../bytes/unsupported-error.ts';
import { findToolkit } from './find-toolkit.ts';
import type { GpuCode } from './gpu-code.ts';
import { ImageBudget } from './image-budget.ts';
import { HEADER_BLOCK_BYTES, HEADER_CACHE_BYTES } from './limits.ts';
import { readArchiveCode } from './read-archive-code.ts';
import { readHostCode, type HostCode } from './read-host-code.ts';

export interface GpuCodeOptions extends ReadOptions {
  /** Also decompresses one image to learn the toolkit when none is stored as it is. @defaultValue false */
  readonly isDeep?: boolean;
}

/**
 * Lists the GPU code of a file: ELF, PE, ar, fatbin, cubin or PTX. Payloads are not read, so that some hundred
 * kilobytes of a library of any size are enough. Throws `BINARY_UNSUPPORTED` for any other format, and
 * `BINARY_MALFORMED` or `BINARY_TOO_LARGE` for a file that breaks the rules of its own.
 */
export async function readGpuCode(
  source: ByteSource,
  options: GpuCodeOptions = {},
): Promise<GpuCode> {
  const cached = createCachedSource(source, {
    blockBytes: HEADER_BLOCK_BYTES,
    maximumBytes: HEADER_CACHE_BYTES,
  });
  const head = await cached.read(0, Math.min(FORMAT_HEAD_BYTES, source.sizeBytes), options);
  const format = detectFormat(head);
  const code = await readCode(cached, format, { ...options, budget: new ImageBudget() });
  const { architecture, fatbins, libraries } = code;
  const toolkit = await findToolkit(cached, { fatbins, libraries }, options);
  return { format, sizeBytes: source.sizeBytes, architecture, fatbins, libraries, toolkit };
}

async function readCode(
  source: ByteSource,
  format: FileFormat,
  options: ReadOptions & { readonly budget: ImageBudget },
): Promise<HostCode> {
  switch (format) {
    case 'elf':
    case 'pe':
    case 'fatbin':
    case 'cubin':
    case 'ptx':
      return readHostCode(source, format, options);
    case 'ar':
      return readArchiveCode(source, options);
    case 'macho':
      throw unsupportedError('Mach-O', 'CUDA has not run on macOS since 10.2');
    case 'zip':
    case 'gzip':
    case 'zstd':
      throw unsupportedError(format, 'an archive must be unpacked first');
    case 'coff': // no magic number: believed inside an archive only
    case 'unknown':
      throw unsupportedError('unknown', 'neither ELF, PE, ar, fatbin, cubin nor PTX');
    default:
      return format satisfies never;
  }
}
