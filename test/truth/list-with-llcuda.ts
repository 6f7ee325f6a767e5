import { readGpuCode } from '../../src/fatbin/read-gpu-code.ts';
import type { FatbinImage } from '../../src/fatbin/fatbin-image.ts';
import { openFileSource } from '../../src/files/open-file-source.ts';
import type { Cuobjdump, CuobjdumpListing } from './ask-cuobjdump.ts';

/** Every image of a file, in its order. */
export async function listImages(path: string): Promise<FatbinImage[]> {
  await using source = await openFileSource(path);
  const { fatbins } = await readGpuCode(source);
  return fatbins.flatMap(({ images }) => images);
}

/**
 * What cuobjdump must say of these images. Where it differs from what llcuda says, it is by these rules, each of which
 * is a limit of cuobjdump:
 * - 12.4 is older than `f`, and shows the plain number.
 * - `--list-elf` takes the letter from the cubin, not from the entry. A cubin of ABI 8 (toolkit 13) has a mark for `a`
 *   that 12.4 does not know, and none for `f`.
 */
export function expectListing(
  images: readonly FatbinImage[],
  version: Cuobjdump['version'],
  { abi }: { readonly abi: 7 | 8 } = { abi: 8 },
): Omit<CuobjdumpListing, 'messages'> {
  const known = version === '12.4' ? /f$/ : /$^/;
  const inCubin = version === '12.4' && abi === 8 ? /[af]$/ : /f$/;
  const ofKind = (kind: FatbinImage['kind']): FatbinImage[] =>
    images.filter((image) => image.kind === kind);
  return {
    entries: images.map((image) => describeEntry(image, formatTarget(image).replace(known, ''))),
    elf: ofKind('sass').map((image) => formatTarget(image).replace(inCubin, '')),
    ptx: ofKind('ptx').map((image) => formatTarget(image).replace(known, '')),
  };
}

function formatTarget({ target }: FatbinImage): string {
  return `sm_${target.capability}${target.variant ?? ''}`;
}

const kindNames = { sass: 'elf', ptx: 'ptx', lto: 'nvvm', mercury: 'mercury', unknown: 'unknown' };

function describeEntry(image: FatbinImage, target: string): string {
  const { kind, ptxIsa, compression, isDebug, objectName, options = '' } = image;
  const version = ptxIsa === undefined ? '' : ` ${ptxIsa.major}.${ptxIsa.minor}`;
  const marks = [
    `${kindNames[kind]} ${target}${version}`,
    ...(isDebug ? ['has debug info'] : []),
    ...(compression === 'none' ? [] : ['compressed']),
    ...(objectName === undefined ? [] : [`of ${objectName}`]),
    ...(kind === 'ptx' && options.trim() !== '' ? [`options ${options.trim()}`] : []),
  ];
  return marks.join(', ');
}
