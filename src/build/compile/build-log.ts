import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';

/** What goes to the file; a compiler that prints without end must not fill the disk. */
const FILE_MAXIMUM_CHARACTERS = 64_000_000;
const TAIL_LINES = 2_000;
const LINE_MAXIMUM_CHARACTERS = 2_000;

/** The output of a build: all of it in a file, its last lines in memory. */
export class BuildLog {
  readonly path: string;
  readonly #stream;
  readonly #onLine: (line: string) => void;
  #lines: string[] = [];
  #rest = '';
  #written = 0;
  #writeError: Error | undefined;

  constructor(path: string, onLine: (line: string) => void) {
    this.path = path;
    this.#onLine = onLine;
    this.#stream = createWriteStream(path, { flags: 'a' });
    // A full disk stops the compilers as well, and they say it.
    this.#stream.on('error', (error) => (this.#writeError = error));
  }

  /** The last lines, oldest first, each cut to a length that can be shown. */
  get lines(): readonly string[] {
    return this.#rest === '' ? this.#lines : [...this.#lines, this.#rest];
  }

  get writeError(): Error | undefined {
    return this.#writeError;
  }

  add(text: string): void {
    this.#write(text);
    const parts = `${this.#rest}${text}`.split('\n');
    this.#rest = (parts.pop() ?? '').slice(0, LINE_MAXIMUM_CHARACTERS);
    for (const part of parts) {
      const line = part.slice(0, LINE_MAXIMUM_CHARACTERS);
      this.#lines.push(line);
      this.#onLine(line);
    }
    if (this.#lines.length > 2 * TAIL_LINES) this.#lines = this.#lines.slice(-TAIL_LINES);
  }

  async close(): Promise<void> {
    this.#stream.end();
    await finished(this.#stream).catch(() => undefined);
  }

  #write(text: string): void {
    if (this.#written >= FILE_MAXIMUM_CHARACTERS) return;
    this.#written += text.length;
    this.#stream.write(text);
    if (this.#written >= FILE_MAXIMUM_CHARACTERS) this.#stream.write('\n(the log ends here)\n');
  }
}
