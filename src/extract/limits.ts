/** Images that one extraction writes, each a file. libcublasLt 13.0 has 5712. */
export const EXTRACTED_IMAGES_MAXIMUM: number = 100_000;
