/** Largest LZ4 or zstd output that can be asked for. Bytes. One ArrayBuffer of this size exists in every engine. */
export const DECODED_MAXIMUM_BYTES: number = 2 ** 31 - 1;

/** Most bytes that one zstd block may give. Bytes. RFC 8878, 3.1.1.2.4: Block_Maximum_Size. */
export const ZSTD_BLOCK_MAXIMUM_BYTES: number = 128 * 1024;

/** First allocation for a zstd frame that hides its size. Bytes. Most PTX fits after few doublings. */
export const ZSTD_FIRST_OUTPUT_BYTES: number = 256 * 1024;

/** Longest text field that a cursor reads up to a NUL. Bytes. PATH_MAX of Linux; longer than any library's name. */
export const TEXT_MAXIMUM_BYTES: number = 4096;
