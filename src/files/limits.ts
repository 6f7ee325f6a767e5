/** Files in one folder, subfolders included. A full CUDA installation with its documentation has some 50,000. */
export const FOLDER_FILES_MAXIMUM: number = 500_000;

/** Folders inside each other. PATH_MAX of Linux allows 2048; real trees stay below 30. */
export const FOLDER_DEPTH_MAXIMUM: number = 128;
