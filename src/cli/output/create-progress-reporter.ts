import type { ProgressEvent, ProgressSink } from '../../events/progress-event.ts';
import { formatBytes } from '../../units/format-bytes.ts';
import { formatDuration } from '../../units/format-duration.ts';
import { stripControlCharacters } from '../../units/strip-control-characters.ts';
import type { OutputStream } from '../cli-io.ts';

const BAR_COLUMNS = 24;
const REDRAW_MS = 100;

type Transfer = Extract<ProgressEvent, { type: 'transfer' }>;
type Work = Extract<ProgressEvent, { type: 'work' }>;

/** A sink that also puts away its live line before other text is printed. */
export interface ProgressReporter {
  readonly report: ProgressSink;
  readonly clear: () => void;
}

/** A terminal gets one live line, a log file or CI a line per step and per tenth, `--quiet` nothing. */
export function createProgressReporter(
  stream: OutputStream,
  options: { readonly isQuiet: boolean; readonly columns: number },
): ProgressReporter {
  if (options.isQuiet) return { report: () => undefined, clear: () => undefined };
  return stream.isTTY === true ? createLiveLine(stream, options.columns) : createLines(stream);
}

function createLiveLine(stream: OutputStream, columns: number): ProgressReporter {
  let transfer = { label: '', startedAt: 0, startBytes: 0, drawnAt: 0 };
  let isDrawn = false;
  const draw = (text: string): void => {
    stream.write(`\r${text.slice(0, columns - 1)}\u001b[K`);
    isDrawn = true;
  };
  const clear = (): void => {
    if (isDrawn) stream.write('\r\u001b[K');
    isDrawn = false;
  };
  const show = (event: Transfer): void => {
    const now = performance.now();
    if (event.label !== transfer.label) {
      transfer = { label: event.label, startedAt: now, startBytes: event.doneBytes, drawnAt: 0 };
    }
    const isDone = event.doneBytes === event.totalBytes;
    if (now - transfer.drawnAt < REDRAW_MS && !isDone) return;
    transfer.drawnAt = now;
    const elapsedMs = Math.max(1, now - transfer.startedAt);
    draw(formatBar(event, ((event.doneBytes - transfer.startBytes) / elapsedMs) * 1000));
  };
  return {
    clear,
    report(event) {
      if (event.type === 'transfer') show(event);
      else if (event.type === 'work') draw(formatWork(event));
      else if (event.type === 'step') draw(stripControlCharacters(event.message));
      else {
        clear();
        stream.write(`${stripControlCharacters(event.message)}\n`);
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

function formatWork({ label, done, total, remainingMs }: Work): string {
  const filled = Math.round((total === 0 ? 1 : done / total) * BAR_COLUMNS);
  const bar = '#'.repeat(filled) + '.'.repeat(BAR_COLUMNS - filled);
  const left =
    remainingMs === undefined || done === total
      ? ''
      : `  about ${formatDuration(remainingMs)} left`;
  return `${stripControlCharacters(label)} [${bar}] ${done} of ${total}${left}`;
}

function createLines(stream: OutputStream): ProgressReporter {
  let label = '';
  let lastTenth = 0;
  const show = (event: Transfer): void => {
    if (event.label !== label) [label, lastTenth] = [event.label, 0];
    if (event.totalBytes === undefined) return;
    const tenth = Math.floor((event.doneBytes / event.totalBytes) * 10);
    if (tenth <= lastTenth) return;
    lastTenth = tenth;
    const size = formatBytes(event.totalBytes);
    stream.write(`${stripControlCharacters(label)} ${tenth * 10}% of ${size}\n`);
  };
  const showWork = ({ label: name, done, total }: Work): void => {
    if (name !== label) [label, lastTenth] = [name, 0];
    const tenth = Math.floor((done / Math.max(1, total)) * 10);
    if (tenth <= lastTenth) return;
    lastTenth = tenth;
    stream.write(`${stripControlCharacters(name)} ${done} of ${total}\n`);
  };
  return {
    clear: () => undefined,
    report(event) {
      if (event.type === 'transfer') show(event);
      else if (event.type === 'work') showWork(event);
      else stream.write(`${stripControlCharacters(event.message)}\n`);
    },
  };
}
