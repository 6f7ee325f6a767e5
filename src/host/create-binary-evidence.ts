import type { CompatFatbin, CompatImage } from '../compat/compat-image.ts';
import { createCompatCode } from '../compat/create-compat-code.ts';
import { matchToolkit } from '../compat/match-toolkit.ts';
import type { GpuCode } from '../fatbin/gpu-code.ts';
import type { BinaryEvidence } from './binary-evidence.ts';

/** Keeps of a file that was read only what the rules need, as plain data. */
export function createBinaryEvidence(code: GpuCode): BinaryEvidence {
  const { format, sizeBytes, architecture, libraries, toolkit } = code;
  const { fatbins, runtimeMajor } = createCompatCode(code);
  const { needed, delayLoaded, soname, rpath, runpath, glibc, glibcxx } = libraries;
  return {
    format,
    sizeBytes,
    architecture,
    code: { fatbins: fatbins.map(keepFatbin), runtimeMajor },
    libraries: { needed: [...needed, ...delayLoaded], soname, rpath, runpath, glibc, glibcxx },
    toolkit: matchToolkit(toolkit)?.name,
  };
}

function keepFatbin({ images, isStub, section }: CompatFatbin): CompatFatbin {
  return { images: images.map(keepImage), isStub, section };
}

function keepImage(image: CompatImage): CompatImage {
  const { kind, target, ptxIsa, compression, payloadBytes, decompressedBytes } = image;
  const { capability, variant } = target;
  return {
    kind,
    target: { capability, variant },
    ptxIsa: ptxIsa && { major: ptxIsa.major, minor: ptxIsa.minor },
    compression,
    payloadBytes,
    decompressedBytes,
  };
}
