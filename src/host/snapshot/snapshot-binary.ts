import type { CompatFatbin, CompatImage } from '../../compat/compat-image.ts';
import type { BinaryEvidence, BinaryReading } from '../binary-evidence.ts';
import type { SnapshotBinary, SnapshotFatbin } from './snapshot.ts';

const KINDS = ['sass', 'ptx', 'lto', 'mercury', 'unknown'] as const;
const COMPRESSIONS = ['none', 'lz4', 'lz4-frame', 'zstd', 'unknown'] as const;

/** `ptx compute_75 9.1 zstd 1200 9000`, `sass sm_90a - none 4096 -`: kind, target, PTX ISA, compression, sizes. */
export const snapshotImagePattern: RegExp = new RegExp(
  `^(${KINDS.join('|')}) (?:sm|compute)_(\\d{1,4})([af])? (?:(\\d{1,3})\\.(\\d{1,3})|-) ` +
    `(${COMPRESSIONS.join('|')}) (\\d{1,15}) (\\d{1,15}|-)$`,
);

/** Shortens what was read of a binary; fatbins that are alike are counted. */
export function packBinary({ evidence, problem }: BinaryReading): SnapshotBinary {
  if (evidence === undefined) return { problem };
  const { format, sizeBytes, architecture, code, libraries, toolkit } = evidence;
  const { needed, soname, rpath, runpath, glibc, glibcxx } = libraries;
  return {
    format,
    sizeBytes,
    architecture,
    runtimeMajor: code.runtimeMajor,
    toolkit,
    needed,
    soname,
    rpath,
    runpath,
    glibc,
    glibcxx,
    fatbins: countAlike(code.fatbins.map(packFatbin)),
  };
}

export function unpackBinary(binary: SnapshotBinary): BinaryReading {
  if ('problem' in binary) return { problem: binary.problem };
  const { format, sizeBytes, architecture, runtimeMajor, toolkit } = binary;
  const { needed, soname, rpath = [], runpath = [], glibc, glibcxx } = binary;
  const fatbins = binary.fatbins.flatMap((fatbin) =>
    Array.from<CompatFatbin>({ length: fatbin.count ?? 1 }).fill(unpackFatbin(fatbin)),
  );
  const evidence: BinaryEvidence = {
    format,
    sizeBytes,
    architecture,
    code: { fatbins, runtimeMajor },
    libraries: { needed, soname, rpath, runpath, glibc, glibcxx },
    toolkit,
  };
  return { evidence };
}

function packFatbin({ images, isStub, section }: CompatFatbin): SnapshotFatbin {
  return { ...(isStub && { isStub }), section, images: images.map(packImage) };
}

function countAlike(fatbins: readonly SnapshotFatbin[]): readonly SnapshotFatbin[] {
  const counted: SnapshotFatbin[] = [];
  for (const fatbin of fatbins) {
    const last = counted.at(-1);
    const isAlike =
      last !== undefined &&
      JSON.stringify({ ...last, count: undefined }) === JSON.stringify(fatbin);
    if (isAlike) counted[counted.length - 1] = { ...last, count: (last.count ?? 1) + 1 };
    else counted.push(fatbin);
  }
  return counted;
}

function unpackFatbin({ images, isStub = false, section }: SnapshotFatbin): CompatFatbin {
  return { isStub, section, images: images.flatMap((image) => unpackImage(image) ?? []) };
}

function packImage(image: CompatImage): string {
  const { kind, target, ptxIsa, compression, payloadBytes, decompressedBytes } = image;
  const name = `${kind === 'sass' ? 'sm' : 'compute'}_${target.capability}${target.variant ?? ''}`;
  const isa = ptxIsa === undefined ? '-' : `${ptxIsa.major}.${ptxIsa.minor}`;
  return `${kind} ${name} ${isa} ${compression} ${payloadBytes} ${decompressedBytes ?? '-'}`;
}

function unpackImage(text: string): CompatImage | undefined {
  const match = snapshotImagePattern.exec(text);
  if (match === null) return undefined;
  const [, kindText, capability, variant, major, minor, compressionText, payload, decoded] = match;
  const kind = KINDS.find((known) => known === kindText);
  const compression = COMPRESSIONS.find((known) => known === compressionText);
  if (kind === undefined || compression === undefined) return undefined;
  return {
    kind,
    target: {
      capability: Number(capability),
      variant: variant === 'a' || variant === 'f' ? variant : undefined,
    },
    ptxIsa: major === undefined ? undefined : { major: Number(major), minor: Number(minor) },
    compression,
    payloadBytes: Number(payload),
    decompressedBytes: decoded === '-' ? undefined : Number(decoded),
  };
}
