/** Largest image that is decoded. Bytes. cuBLASLt's biggest cubins are some 10 MB; PTX of one unit reaches 50 MB. */
export const IMAGE_MAXIMUM_BYTES: number = 512 << 20;

/** Image headers that are fetched ahead from a server, all together. Each is a request. */
export const PREFETCHED_HEADERS_MAXIMUM: number = 1 << 13;

/** Requests at the same time that fetch ahead. Browsers use six to a host. */
export const PREFETCH_REQUESTS_MAXIMUM: number = 6;

/** Decoding failures of one file that are named. */
export const DECODE_FAILURES_MAXIMUM: number = 20;
