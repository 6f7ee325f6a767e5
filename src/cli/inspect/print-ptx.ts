import { describeError } from '../../errors/describe-error.ts';
import { readPtxTexts } from '../../extract/read-ptx-texts.ts';
import type { ExamineOptions } from '../../inspect/inspect-options.ts';
import { stripControlCharacters } from '../../units/strip-control-characters.ts';
import type { CliIo } from '../cli-io.ts';
import { stripTerminalControls } from '../output/strip-terminal-controls.ts';
import { writeFully } from '../output/write-fully.ts';

/** Prints every PTX text to stdout, below a comment that says where it is from. Gives their number. */
export async function printPtx(
  paths: readonly string[],
  { stdout, stderr }: CliIo,
  options: ExamineOptions & { readonly signal: AbortSignal },
): Promise<number> {
  const { signal } = options;
  let count = 0;
  const onUnreadable = (path: string, error: unknown): void => {
    stderr.write(`${stripControlCharacters(`${path}: ${describeError(error).message}`)}\n`);
  };
  for (const path of paths) {
    await readPtxTexts(path, { ...options, onUnreadable }, async (ptx) => {
      const title = `// ${ptx.path} fatbin ${ptx.fatbinIndex} ${ptx.target}`;
      const text = `${count === 0 ? '' : '\n'}${stripControlCharacters(title)}\n${ptx.text.trimEnd()}\n`;
      count += 1;
      await writeFully(stdout, stripTerminalControls(text, stdout), signal);
    });
  }
  if (count === 0) stderr.write('There is no PTX in it.\n');
  return count;
}
