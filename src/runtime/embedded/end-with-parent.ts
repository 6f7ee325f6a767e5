import { Worker } from 'node:worker_threads';

const CHECK_MS = 250;

/**
 * Kills this process when its parent is gone. The IPC channel tells at once; a thread of its own looks
 * after the parent while the main thread is deep in synchronous work, such as the tokenization of a huge
 * prompt, and hears nothing.
 */
export function endWithParent(): void {
  process.on('disconnect', end);
  if (!process.connected) end();
  const watcher = new Worker(WATCHER, {
    eval: true,
    workerData: { parent: process.ppid, CHECK_MS },
  });
  watcher.unref();
}

function end(): void {
  process.kill(process.pid, 'SIGKILL');
}

/** A parent that died is either no process any more, or no longer the parent of this one. */
const WATCHER = `
const { workerData: { parent, CHECK_MS } } = require('node:worker_threads');
setInterval(() => {
  let isGone = process.ppid !== parent;
  try {
    process.kill(parent, 0);
  } catch (error) {
    isGone ||= error.code === 'ESRCH';
  }
  if (isGone) process.kill(process.pid, 'SIGKILL');
}, CHECK_MS);
`;
