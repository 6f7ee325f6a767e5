import type { ProgressEvent, ProgressSink } from '../../events/progress-event.ts';
import { formatBytes } from '../../units/format-bytes.ts';
import { formatDuration } from '../../units/format-duration.ts';
import { stripControlCharacters } from '../../units/strip-control-characters.ts';
import type { OutputStream } from '../cli-io.ts';

const BAR_COLUMNS = 24;
const REDRAW_MS = 100;

type Transfer = Extract<ProgressEvent, { type: 'transfer' }>;

/** A sink that also puts away its live line before other text is printed. */
export interface ProgressReporter {
  readonly report: ProgressSink;
  readonly clear: () => void;
}

/** A terminal gets one live line, a log file or CI a line per tenth, `--quiet` nothing. */
export function createProgressReporter(
  stream: OutputStream,
  options: { readonly isQuiet: boolean; readonly columns: number },
): ProgressReporter {
  if (options.isQuiet) return { report: () => undefined, clear: () => undefined };
  const transfers =
    stream.isTTY === true ? createBar(stream, options.columns) : createTenths(stream);
  return {
    report(event) {
      if (event.type === 'transfer') {
        transfers.show(event);
        return;
      }
      transfers.clear();
      stream.write(`${stripControlCharacters(event.message)}\n`);
    },
    clear: transfers.clear,
  };
}

interface TransferView {
  readonly show: (event: Transfer) => void;
  readonly clear: () => void;
}

function createBar(stream: OutputStream, columns: number): TransferView {
  let label: string | undefined;
  let startedAt = 0;
  let startBytes = 0;
  let drawnAt = 0;
  let isDrawn = false;
  const clear = (): void => {
    if (isDrawn) stream.write('\r\u001b[K');
    isDrawn = false;
  };
  return {
    clear,
    show(event) {
      const now = performance.now();
      if (event.label !== label) {
        [label, startedAt, startBytes, drawnAt] = [event.label, now, event.doneBytes, 0];
      }
      const isDone = event.doneBytes === event.totalBytes;
      if (now - drawnAt < REDRAW_MS && !isDone) return;
      drawnAt = now;
      const speed = ((event.doneBytes - startBytes) / Math.max(1, now - startedAt)) * 1000;
      stream.write(`\r${formatBar(event, speed).slice(0, columns - 1)}\u001b[K`);
      isDrawn = true;
      if (isDone) {
        stream.write('\n');
        isDrawn = false;
      }
    },
  };
}

function formatBar(event: Transfer, bytesPerSecond: number): string {
  const label = stripControlCharacters(event.label);
  const speed = `${formatBytes(Math.round(bytesPerSecond))}/s`;
  if (event.totalBytes === undefined) return `${label}  ${formatBytes(event.doneBytes)}  ${speed}`;
  const part = event.totalBytes === 0 ? 1 : event.doneBytes / event.totalBytes;
  const filled = Math.round(part * BAR_COLUMNS);
  const bar = '#'.repeat(filled) + '.'.repeat(BAR_COLUMNS - filled);
  const percent = `${Math.floor(part * 100)}%`.padStart(4);
  const leftMs = ((event.totalBytes - event.doneBytes) / Math.max(1, bytesPerSecond)) * 1000;
  const left = bytesPerSecond > 0 && part < 1 ? `  ${formatDuration(leftMs)} left` : '';
  const size = formatBytes(event.totalBytes);
  return `${label} [${bar}]${percent} of ${size}  ${speed}${left}`;
}

function createTenths(stream: OutputStream): TransferView {
  let label: string | undefined;
  let lastTenth = 0;
  return {
    clear: () => undefined,
    show({ label: next, doneBytes, totalBytes }) {
      if (next !== label) [label, lastTenth] = [next, 0];
      if (totalBytes === undefined) return;
      const tenth = Math.floor((doneBytes / totalBytes) * 10);
      if (tenth <= lastTenth) return;
      lastTenth = tenth;
      const text = `${stripControlCharacters(next)} ${tenth * 10}% of ${formatBytes(totalBytes)}`;
      stream.write(`${text}\n`);
    },
  };
}
