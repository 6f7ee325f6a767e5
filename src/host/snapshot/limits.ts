/** A snapshot of a host with many libraries has some hundred kilobytes. */
export const SNAPSHOT_LIMIT_BYTES = 16_000_000;
/** Entries of each of its tables. */
export const TABLE_LIMIT = 20_000;
/** Characters of a path or a command line. */
export const NAME_LIMIT_CHARACTERS = 4096;
/** Characters of a file or of what a program printed: as much as the real host gives. */
export const TEXT_LIMIT_CHARACTERS = 8_000_000;
/** Names in a folder. */
export const LIST_LIMIT = 100_000;
/** Fatbins of a binary, counting those that are alike; the largest known library has some thousand. */
export const FATBIN_LIMIT = 50_000;
/** Images of a fatbin. */
export const IMAGE_LIMIT = 1000;
