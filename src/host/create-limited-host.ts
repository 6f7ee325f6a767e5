import type { Host } from './host.ts';

/** Reading a local file takes no such time; a folder on a server that is gone takes for ever. */
const READ_TIMEOUT_MS = 3000;

/**
 * The same host, whose files are given up after a while: what cannot be read in time is not there. Programs have their
 * own limits. Rejects with the reason of the signal once it fires.
 */
export function createLimitedHost(host: Host, signal: AbortSignal | undefined): Host {
  const limit = async <Value>(reading: Promise<Value>, fallback: Value): Promise<Value> => {
    signal?.throwIfAborted();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<Value>((resolve) => {
      timer = setTimeout(resolve, READ_TIMEOUT_MS, fallback);
    });
    try {
      return await Promise.race([reading, late]);
    } finally {
      clearTimeout(timer);
    }
  };
  const problem = 'It could not be read in time.';
  return {
    ...host,
    readText: async (path) => limit(host.readText(path), undefined),
    list: async (path) => limit(host.list(path), []),
    findEntry: async (path) => limit(host.findEntry(path), undefined),
    findFreeBytes: async (path) => limit(host.findFreeBytes(path), undefined),
    readBinary: async (path) => limit(host.readBinary(path), { problem }),
  };
}
