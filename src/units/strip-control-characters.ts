// C0 and C1 controls, bidirectional overrides and line separators: what could rewrite a terminal.
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/** Makes text from a file or a server safe to print on one line. */
export function stripControlCharacters(text: string): string {
  return text.replace(CONTROL, ' ');
}
