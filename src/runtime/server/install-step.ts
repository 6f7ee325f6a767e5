/**
 * The steps of an installation, each of which is finished when it is told: the lock is held, the archive is there and
 * checked, it is unpacked, the files are what the manifest says and the program runs, the folder has its name, the
 * runtime is the active one.
 */
export type InstallStep = 'locked' | 'downloaded' | 'unpacked' | 'proven' | 'placed' | 'activated';
