import { styleText } from 'node:util';

/** The few styles of the command line. Without colour each gives its text back. */
export interface Theme {
  error(text: string): string;
  strong(text: string): string;
  faint(text: string): string;
  /** Columns of the terminal, 80 where nobody says. */
  readonly columns: number;
}

export function createTheme(options: { isColored: boolean; columns: number | undefined }): Theme {
  const style = (format: 'red' | 'bold' | 'dim') => (text: string) =>
    options.isColored ? styleText(format, text, { validateStream: false }) : text;
  return {
    error: style('red'),
    strong: style('bold'),
    faint: style('dim'),
    columns: options.columns ?? 80,
  };
}
