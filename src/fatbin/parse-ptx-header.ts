import { stripPtxComments } from '../binary/strip-ptx-comments.ts';
import { decodeText } from '../bytes/decode-text.ts';
import { malformedError } from '../bytes/malformed-error.ts';
import type { ImageTarget, PtxIsa } from './fatbin-image.ts';

export interface PtxHeader {
  readonly isa: PtxIsa;
  readonly target: ImageTarget;
  readonly is64Bit: boolean;
  readonly isDebug: boolean;
}

/**
 * Parses the directives at the start of PTX text: `.version`, `.target`, `.address_size`. The head of the text is
 * enough. Format: PTX ISA, "PTX Module Directives".
 */
export function parsePtxHeader(head: Uint8Array): PtxHeader {
  const text = stripPtxComments(decodeText(head));
  const version = /^\s*\.version\s+(\d{1,3})\.(\d{1,3})(?!\d)/.exec(text);
  if (version === null) throw malformed('ptx.version', 'the text does not start with .version N.N');
  const rest = text.slice(version[0].length);
  const target = /^\s*\.target\s+([^\n.]*)/.exec(rest);
  const options = (target?.[1] ?? '').split(',').map((word) => word.trim());
  const architecture = findArchitecture(options);
  if (architecture === undefined)
    throw malformed('ptx.target', 'no .target sm_NN follows .version');
  return {
    isa: { major: Number(version[1]), minor: Number(version[2]) },
    target: architecture,
    // The default is 32 where the directive is missing.
    is64Bit: /^\s*\.address_size\s+64\b/.test(rest.slice(target?.[0].length)),
    isDebug: options.includes('debug'),
  };
}

function findArchitecture(options: readonly string[]): ImageTarget | undefined {
  for (const option of options) {
    const match = /^(?:sm|compute)_(\d{2,3})([af])?$/.exec(option);
    if (match === null) continue;
    const variant = match[2];
    return {
      capability: Number(match[1]),
      variant: variant === 'a' || variant === 'f' ? variant : undefined,
    };
  }
  return undefined;
}

function malformed(field: string, reason: string): Error {
  return malformedError({ field, offset: 0, reason });
}
