/** Head of a file that is enough to tell its format, PTX comments included. Bytes. */
export const FORMAT_HEAD_BYTES: number = 4096;

/** Sections of one ELF or COFF file. `-ffunction-sections` objects and big cubins reach tens of thousands. */
export const SECTIONS_MAXIMUM: number = 1 << 18;

/** Program headers of one ELF file. The field has 16 bits; real files have about 12. */
export const SEGMENTS_MAXIMUM: number = 4096;

/** Section name table. Bytes. `-ffunction-sections` objects with long C++ names reach some MB. */
export const SECTION_NAMES_MAXIMUM_BYTES: number = 64 << 20;

/** What is kept of a section name. Bytes. Those that are looked for are shorter; C++ ones can be of any length. */
export const SECTION_NAME_KEPT_BYTES: number = 256;

/** Entries of a dynamic section. Real files have 30 to 300. */
export const DYNAMIC_ENTRIES_MAXIMUM: number = 1 << 13;

/** Dynamic string table. Bytes. libtorch_cuda, with every C++ symbol exported, has some 10 MB. */
export const DYNAMIC_STRINGS_MAXIMUM_BYTES: number = 128 << 20;

/** Dynamic symbols. libtorch_cuda has some 10^5. */
export const DYNAMIC_SYMBOLS_MAXIMUM: number = 1 << 22;

/** Symbols imported from the CUDA runtime. libcudart 13 exports about 400. */
export const CUDA_IMPORTS_MAXIMUM: number = 1 << 14;

/** Versions that one ELF file requires of its libraries, all together. Real files have tens. */
export const VERSION_NEEDS_MAXIMUM: number = 1 << 14;

/** DLLs that a PE file imports. Real files have tens. */
export const IMPORTED_LIBRARIES_MAXIMUM: number = 4096;

/** Longest DLL name. Bytes. Windows' MAX_PATH, and some. */
export const IMPORT_NAME_MAXIMUM_BYTES: number = 512;

/** Members of one `ar` archive. NVIDIA's biggest static libraries have some thousands. */
export const ARCHIVE_MEMBERS_MAXIMUM: number = 1 << 18;

/** Table of long member names. Bytes. */
export const ARCHIVE_NAMES_MAXIMUM_BYTES: number = 16 << 20;

/** Longest member name of the BSD kind. Bytes. PATH_MAX of Linux. */
export const ARCHIVE_NAME_MAXIMUM_BYTES: number = 4096;
