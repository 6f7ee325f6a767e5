import type { ByteSource } from '../bytes/byte-source.ts';

/** A member of an archive that looks like a binary, or one that cannot be read. */
export type ArchiveMember =
  | {
      readonly name: string;
      /** Valid until the next member is asked for. */
      readonly source: ByteSource;
      readonly error?: undefined;
    }
  | { readonly name: string; readonly source?: undefined; readonly error: unknown };
