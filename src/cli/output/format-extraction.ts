import type { Extraction } from '../../extract/extract-images.ts';
import { formatBytes } from '../../units/format-bytes.ts';
import { stripControlCharacters } from '../../units/strip-control-characters.ts';
import { wrapText } from './wrap-text.ts';

/** Skipped images that are named one by one. */
const NAMED_MAXIMUM = 8;

/** What was written where, and what was not. */
export function formatExtraction(
  { directory, images, skipped }: Extraction,
  columns: number,
): string {
  const sizeBytes = images.reduce((sum, image) => sum + image.sizeBytes, 0);
  const count = `${images.length} ${images.length === 1 ? 'image' : 'images'}`;
  const headline = `Wrote ${count}, ${formatBytes(sizeBytes)}, to ${directory}`;
  const lines = skipped.slice(0, NAMED_MAXIMUM).map(({ path, fatbinIndex, target, message }) => {
    const place = target === undefined ? path : `${path} fatbin ${fatbinIndex} ${target}`;
    const text = stripControlCharacters(`${place}: ${message}`);
    return wrapText(text, { columns, label: 'Skipped: ' });
  });
  const rest = skipped.length - lines.length;
  const more = rest === 0 ? [] : [`Skipped: ${rest} more (--json has them all)`];
  return `${[wrapText(stripControlCharacters(headline), { columns }), ...lines, ...more].join('\n')}\n`;
}
