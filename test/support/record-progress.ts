import type { ProgressEvent, ProgressSink } from '../../src/events/progress-event.ts';

type Transfer = Extract<ProgressEvent, { type: 'transfer' }>;

export interface RecordedProgress {
  readonly onProgress: ProgressSink;
  /** Every transfer event so far, in order. */
  readonly transfers: () => readonly Transfer[];
  /** The messages of the notices so far, in order. */
  readonly notices: () => readonly string[];
}

/** A progress sink that keeps what it is told. */
export function recordProgress(): RecordedProgress {
  const events: ProgressEvent[] = [];
  return {
    onProgress: (event) => void events.push(event),
    transfers: () => events.filter((event) => event.type === 'transfer'),
    notices: () => events.flatMap((event) => (event.type === 'notice' ? [event.message] : [])),
  };
}
