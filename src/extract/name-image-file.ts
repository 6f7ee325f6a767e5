import type { ImageKind } from '../fatbin/fatbin-image.ts';
import { formatImageTarget } from '../inspect/format-image-target.ts';
import type { PlacedImage } from './visit-images.ts';

/** Gives each image a file name of its own: `libggml-cuda.so.0003.sm_90a.cubin`. */
export type NameImageFile = (placed: PlacedImage) => string;

/** Names come from the file's own name, the number of the fatbin and the target; a number is added where two are alike. */
export function createNameImageFile(): NameImageFile {
  const taken = new Set<string>();
  const stems = new Map<string, string>();
  const take = (name: string, ending: string): string => {
    for (let count = 1; ; count += 1) {
      const candidate = `${name}${count === 1 ? '' : `-${count}`}${ending}`;
      // File systems of Windows and macOS do not tell cases apart.
      if (taken.has(candidate.toLowerCase())) continue;
      taken.add(candidate.toLowerCase());
      return candidate;
    }
  };
  return ({ path, fatbinIndex, image }) => {
    const stem = stems.get(path) ?? take(formatStem(path), '');
    stems.set(path, stem);
    const number = String(fatbinIndex).padStart(4, '0');
    return take(`${stem}.${number}.${formatImageTarget(image)}`, `.${endings[image.kind]}`);
  };
}

const endings: Readonly<Record<ImageKind, string>> = {
  sass: 'cubin',
  ptx: 'ptx',
  lto: 'ltoir',
  mercury: 'cubin',
  unknown: 'bin',
};

const STEM_MAXIMUM_CHARACTERS = 120;

/** The last part of a path or URL, of characters that every file system takes; never a hidden file, never empty. */
function formatStem(path: string): string {
  const name =
    path
      .replace(/[?#].*$/, '')
      .split(/[/\\]/)
      .findLast(Boolean) ?? '';
  const plain = name.replace(/[^\w.@+-]/g, '_').replace(/^\.+/, '');
  return plain.slice(-STEM_MAXIMUM_CHARACTERS) || 'binary';
}
