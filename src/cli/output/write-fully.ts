import type { OutputStream } from '../cli-io.ts';

/** Writes text and waits until a stream that is full has room again, so that nothing piles up in memory. */
export async function writeFully(
  stream: OutputStream,
  text: string,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  const isFull = stream.write(text) === false;
  if (!isFull || stream.once === undefined) return;
  await new Promise<void>((resolve, reject) => {
    // A pipe that was closed never drains: the signal fires then.
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    stream.once?.('drain', resolve);
  });
}
