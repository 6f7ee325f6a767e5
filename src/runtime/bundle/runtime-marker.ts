/** Written last into the folder of an installed runtime: a folder without it is none. */
export const RUNTIME_MARKER = 'llcuda-runtime.json' as const;
