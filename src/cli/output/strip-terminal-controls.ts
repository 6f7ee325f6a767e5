import type { OutputStream } from '../cli-io.ts';

// Everything below a space but tab and newline, DEL and the C1 controls.
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/gu;

/** A model may write escape sequences: none of them reaches a terminal. A pipe gets the text as it is. */
export function stripTerminalControls(text: string, stream: OutputStream): string {
  return stream.isTTY === true ? text.replace(CONTROL, '') : text;
}
