import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { TextDecoder } from 'node:util';
import { createLogCollector, type LogText } from '../../doctor/explain/log-text.ts';
import { LlcudaError } from '../../errors/llcuda-error.ts';
import { asReadError } from '../../files/as-read-error.ts';
import type { CliIo } from '../cli-io.ts';

export interface ReadLogOptions {
  readonly stdin: CliIo['stdin'];
  readonly workingDirectory: string;
  readonly signal: AbortSignal;
}

/** Reads a log of any size from a file, or from stdin without a path or with `-`. Throws `SOURCE_UNREADABLE`, `USAGE_INVALID`. */
export async function readLog(
  path: string | undefined,
  { stdin, workingDirectory, signal }: ReadLogOptions,
): Promise<LogText> {
  signal.throwIfAborted();
  if (path !== undefined && path !== '-') {
    const stream = createReadStream(resolve(workingDirectory, path), { signal });
    return collect(stream, { name: path, signal });
  }
  if (stdin.isTTY === true) throw nothingGiven();
  return collect(stdin, { name: 'stdin', signal });
}

async function collect(
  stream: Readable,
  { name, signal }: { readonly name: string; readonly signal: AbortSignal },
): Promise<LogText> {
  const onAbort = (): void => void stream.destroy();
  signal.addEventListener('abort', onAbort, { once: true });
  const collector = createLogCollector();
  let decoder: TextDecoder | undefined;
  try {
    for await (const chunk of stream) {
      const bytes = typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk;
      if (decoder === undefined) checkIsText(bytes, name);
      decoder ??= new TextDecoder(findEncoding(bytes));
      collector.add(decoder.decode(bytes, { stream: true }));
    }
  } catch (error) {
    signal.throwIfAborted();
    throw asReadError(error, name);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
  signal.throwIfAborted();
  collector.add(decoder?.decode() ?? '');
  return collector.finish();
}

/** PowerShell's `>` writes UTF-16. */
function findEncoding([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
}

/** Of a text file no byte is 0; a program or a model holds messages that it never printed. */
function checkIsText(bytes: Uint8Array, name: string): void {
  if (findEncoding(bytes) !== 'utf-8' || !bytes.subarray(0, BINARY_CHECK_BYTES).includes(0)) return;
  throw new LlcudaError('USAGE_INVALID', `${name} is a binary file, not a log`, {
    detail: { argument: 'log' },
    hint: 'Give the binary with --binary and the log as the argument, or run `llcuda inspect` on it.',
  });
}

const BINARY_CHECK_BYTES = 1024;

function nothingGiven(): LlcudaError {
  return new LlcudaError('USAGE_INVALID', 'There is no log', {
    detail: { argument: 'log' },
    hint: 'Name a file, or pipe one in: `llama-server ... 2>&1 | llcuda explain`.',
  });
}
