/** Fatbins of one source. libcublasLt 13.0 has 2775. */
export const FATBINS_MAXIMUM: number = 1 << 16;

/** Images of one source, about 300 bytes of memory each. libcublasLt 13.0 has 5712. */
export const IMAGES_MAXIMUM: number = 1 << 18;

/** Entry header with its object name and options. Bytes. Seen: 64 to 128; long `-Xptxas` options add to it. */
export const ENTRY_HEADER_MAXIMUM_BYTES: number = 64 * 1024;

/** What is read at first of an entry: its header and the first bytes of its payload, in nearly every file. Bytes. */
export const ENTRY_HEAD_BYTES: number = 128 + 4;

/** Images that one concatenated entry may hold: there are 40 targets. */
export const CONCATENATED_MAXIMUM: number = 64;

/** Blocks in which a source is cached while headers are read: they are spread over the file, a payload apart. Bytes. */
export const HEADER_BLOCK_BYTES: number = 512;

/** What is kept of a source while its headers are read. Bytes. */
export const HEADER_CACHE_BYTES: number = 1 << 20;

/** Steps in which zero padding is read, and in which a file is searched for containers. Bytes. */
export const SCAN_CHUNK_BYTES: number = 1 << 20;

/** Most that is searched when no section tells where the containers are. Bytes. Larger programs without GPU code are rare. */
export const SCAN_MAXIMUM_BYTES: number = 2 ** 32;

/** Most that is read of the records of a program's containers, 24 bytes each: 43,690 of them. Bytes. */
export const WRAPPERS_MAXIMUM_BYTES: number = 1 << 20;

/** Largest payload of a device-link stub: 0.9 to 1.8 kB are seen, whatever the program. Bytes. */
export const STUB_PAYLOAD_MAXIMUM_BYTES: number = 4096;

/** Largest stub cubin once decompressed. Bytes. */
export const STUB_CUBIN_MAXIMUM_BYTES: number = 64 * 1024;

/** Largest image decoded only to learn which toolkit made it. Bytes. */
export const TOOLKIT_CUBIN_MAXIMUM_BYTES: number = 64 << 20;

/** A note section of a cubin. Bytes. About 300 are seen; the options of ptxas are part of it. */
export const NOTE_MAXIMUM_BYTES: number = 64 * 1024;

/** Head of a PTX file that must hold `.version` and `.target`. Bytes. nvcc writes about 400 of comments first. */
export const PTX_HEAD_BYTES: number = 64 * 1024;
