import { join, resolve } from 'node:path';
import type { Host } from '../host/host.ts';

/** Where llcuda keeps what it fetched. Every path is absolute. */
export interface Store {
  readonly root: string;
  readonly models: string;
  readonly runtimes: string;
  /** Sources of llama.cpp, each below the hash of what it was unpacked from. */
  readonly sources: string;
  /** Folders that cmake builds in, kept so that the next build of the same goes on there. */
  readonly builds: string;
  /** Work in progress; anything in it may be removed by the holder of the lock it belongs to. */
  readonly staging: string;
}

/** The store of a host: `LLCUDA_HOME`, else `$XDG_CACHE_HOME/llcuda`, else `~/.cache/llcuda`. */
export function resolveStore(host: Host): Store {
  const { LLCUDA_HOME: own, XDG_CACHE_HOME: cache } = host.env;
  // An empty variable counts as unset, and the XDG specification ignores a relative path.
  const root = own
    ? resolve(host.workingDirectory, own)
    : join(cache?.startsWith('/') ? cache : join(host.homeDirectory, '.cache'), 'llcuda');
  return {
    root,
    models: join(root, 'models'),
    runtimes: join(root, 'runtimes'),
    sources: join(root, 'sources'),
    builds: join(root, 'builds'),
    staging: join(root, 'staging'),
  };
}
