export interface WrapOptions {
  readonly columns: number;
  /** What the first line begins with; the others are indented as far. @defaultValue '' */
  readonly label?: string;
}

/** Breaks text at its spaces. A word that is longer than a line, such as a path, stays whole. */
export function wrapText(text: string, { columns, label = '' }: WrapOptions): string {
  const lines: string[] = [];
  let line = label;
  let isEmpty = true;
  for (const word of text.split(' ')) {
    if (!isEmpty && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = ' '.repeat(label.length);
      isEmpty = true;
    }
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, line].join('\n');
}
