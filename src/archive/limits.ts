/** Members of one archive. The biggest Python wheels have some 20,000. */
export const ARCHIVE_MEMBERS_MAXIMUM: number = 1 << 20;

/** Members that are binaries up to this size are kept in memory while they are examined. Bytes. */
export const MEMBER_WHOLE_MAXIMUM_BYTES: number = 32 << 20;

/** Of a larger compressed member, its start: ELF headers, dynamic symbols and their names lie there. Bytes. */
export const MEMBER_HEAD_BYTES: number = 1 << 20;

/** Of a larger compressed member, its end: the section table, in libraries also the dynamic section. Bytes. */
export const MEMBER_TAIL_BYTES: number = 4 << 20;

/** Larger members of a tar that are put off to a second pass at once: their heads and tails take 5 MiB each. */
export const DEFERRED_MEMBERS_MAXIMUM: number = 16;

/** What is kept behind the place where a compressed stream stands, so that small steps back are free. Bytes. */
export const STREAM_WINDOW_BYTES: number = 4 << 20;

/**
 * Most that is inflated for one archive, all passes together: this many times its own size. CUDA libraries shrink
 * to a third to a seventh, and three passes over one are rare; deflate reaches 1032 on nothing but zeros.
 */
export const INFLATE_RATIO_MAXIMUM: number = 100;

/** What may be inflated for an archive of any size. Bytes. A second or two of work. */
export const INFLATE_ALWAYS_BYTES: number = 2 ** 30;

/** Header records of a tar member: the long name, the pax attributes. Bytes. */
export const TAR_RECORD_MAXIMUM_BYTES: number = 1 << 20;

/** Largest tar.zst that is held in memory, where Node cannot stream zstd (before 22.15). Bytes, decompressed. */
export const ZSTD_WHOLE_MAXIMUM_BYTES: number = 2 ** 30;

/** Pieces in which an archive is read to be decompressed. Bytes. */
export const STREAM_CHUNK_BYTES: number = 256 * 1024;

/** Entries of an archive that is unpacked. A runtime has some tens of files, a whole toolkit some thousands. */
export const EXTRACTED_ENTRIES_MAXIMUM: number = 20_000;

/** Longest name of an entry, folders included. Bytes, of UTF-8. The plain tar format has 255. */
export const EXTRACTED_NAME_MAXIMUM_BYTES: number = 1024;

/** Longest part of a name. Bytes, of UTF-8. What ext4, APFS and NTFS take. */
export const EXTRACTED_PART_MAXIMUM_BYTES: number = 255;

/** Folders inside each other. */
export const EXTRACTED_DEPTH_MAXIMUM: number = 16;

/** All files of an archive together. Bytes. A llama.cpp for all GPUs with cuBLAS beside it has some 2 GB. */
export const EXTRACTED_TOTAL_MAXIMUM_BYTES: number = 16 * 2 ** 30;

/** Most that is unpacked, as a multiple of the archive's size. GPU code without compression shrinks to a tenth. */
export const EXTRACTED_RATIO_MAXIMUM: number = 50;

/** What may be unpacked from an archive of any size. Bytes. */
export const EXTRACTED_ALWAYS_BYTES: number = 64 * 2 ** 20;
