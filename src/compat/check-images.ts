import { compareCudaVersions, type CudaVersion } from '../units/cuda-version.ts';
import { comparePtxIsaVersions, formatPtxIsaVersion } from '../units/ptx-isa-version.ts';
import { chooseImage, isMachineCode } from './choose-image.ts';
import type { CompatImage } from './compat-image.ts';
import { describeDriver, describeGpu, describeTarget } from './describe-host.ts';
import { findPtxIsa } from './find-ptx-isa.ts';
import type { Failure, Finding } from './finding.ts';
import type { HostDevice } from './host-device.ts';
import { resolveEffectiveDriver } from './resolve-effective-driver.ts';
import type { FailureCause } from './verdict.ts';

/**
 * nvcc on `--compress-mode`: "not compatible with drivers released before CUDA Toolkit's 12.4 Release". Drivers 450 to
 * 535 do not hold the magic number of zstd, 550 does. LZ4 frames come from the same fatbinary versions: same floor, inferred.
 */
const NEW_COMPRESSION_CUDA: CudaVersion = { major: 12, minor: 4 };

/**
 * nvcc 13.4 is the first with `--concat`. An H100 with driver 580 passes over the entries that it writes: error 209, for
 * SASS and PTX alike (test/fixtures/recorded/h100-concatenated.json). That the drivers of 13.4 read them is inferred.
 */
const CONCATENATION_CUDA: CudaVersion = { major: 13, minor: 4 };

/** What a driver that has started, on a GPU that it knows, does with the images of one fatbin. */
export function checkImages(images: readonly CompatImage[], host: HostDevice): Finding {
  const forcePtxJit = host.environment?.forcePtxJit ?? false;
  const { cudaVersion } = resolveEffectiveDriver(host);
  const readsConcatenated = compareCudaVersions(cudaVersion, CONCATENATION_CUDA) >= 0;
  const image = chooseImage(images, host.gpu, { forcePtxJit, readsConcatenated });
  if (image === undefined) {
    const hidden = chooseImage(images, host.gpu, { forcePtxJit, readsConcatenated: true });
    if (hidden === undefined) return fail('no-image', 209, describeNoImage(images, host));
    const reason = `The GPU code for ${describeGpu(host.gpu)} (${describeTarget(hidden)}) lies in a concatenated entry (nvcc --concat), which ${describeDriver(host)} passes over.`;
    return fail('concatenation-unreadable', 209, reason);
  }
  if (isMachineCode(image)) {
    return (
      checkCompression(image, host) ?? { outcome: 'native', image, reason: native(image, host) }
    );
  }
  return checkPtx(image, host) ?? jit(image, host);
}

/** In the order of the driver: may it compile, can it read the text, is there a compiler, does that take the version. */
function checkPtx(image: CompatImage, host: HostDevice): Failure | undefined {
  const code = `The GPU code for ${describeGpu(host.gpu)} is PTX (${describeTarget(image)})`;
  if (host.environment?.disablePtxJit === true) {
    const reason = `${code}, and CUDA_DISABLE_PTX_JIT=1 forbids to compile it; it would load only from a compute cache that already holds the result.`;
    return fail('jit-disabled', 223, reason);
  }
  const unreadable = checkCompression(image, host);
  if (unreadable !== undefined) return unreadable;
  if (host.hasPtxCompiler === false) {
    const reason = `${code}, and the driver's PTX compiler, libnvidia-ptxjitcompiler.so.1, is missing.`;
    return fail('jit-compiler-missing', 221, reason);
  }
  if (image.ptxIsa === undefined)
    return fail('ptx-unreadable', 218, `${code} of no stated version.`);
  const newest = findPtxIsa(resolveEffectiveDriver(host).cudaVersion);
  if (newest !== undefined && comparePtxIsaVersions(image.ptxIsa, newest) <= 0) return undefined;
  const limit =
    newest === undefined ? 'older PTX only' : `PTX up to ${formatPtxIsaVersion(newest)}`;
  const reason = `${code} of version ${formatPtxIsaVersion(image.ptxIsa)}, and ${describeDriver(host)} compiles ${limit}.`;
  return fail('ptx-too-new', 222, reason);
}

/** zstd on an older driver gives 200 for SASS and PTX alike: ollama #16449, canonical/inference-snaps #255. */
function checkCompression(image: CompatImage, host: HostDevice): Failure | undefined {
  if (image.compression !== 'zstd' && image.compression !== 'lz4-frame') return undefined;
  const { cudaVersion } = resolveEffectiveDriver(host);
  if (compareCudaVersions(cudaVersion, NEW_COMPRESSION_CUDA) >= 0) return undefined;
  const reason = `The GPU code for ${describeGpu(host.gpu)} (${describeTarget(image)}) is compressed with ${image.compression}, which ${describeDriver(host)} cannot read.`;
  return fail('compression-unreadable', 200, reason);
}

function jit(image: CompatImage, host: HostDevice): Finding {
  const version = image.ptxIsa === undefined ? '' : ` ${formatPtxIsaVersion(image.ptxIsa)}`;
  const reason = `Runs on ${describeGpu(host.gpu)} after ${describeDriver(host)} has compiled PTX${version} (${describeTarget(image)}).`;
  const ptxBytes = image.slice?.sizeBytes ?? image.decompressedBytes ?? image.payloadBytes;
  return { outcome: 'jit', image, ptxBytes, reason };
}

function native(image: CompatImage, host: HostDevice): string {
  return `Holds machine code (${describeTarget(image)}) that runs on ${describeGpu(host.gpu)} with ${describeDriver(host)}.`;
}

function describeNoImage(images: readonly CompatImage[], host: HostDevice): string {
  const usable = images.filter((image) => isMachineCode(image) || image.kind === 'ptx');
  const names = [...new Set(usable.map((image) => describeTarget(image)))];
  const ignored =
    host.environment?.forcePtxJit === true ? ' while CUDA_FORCE_PTX_JIT=1 is set' : '';
  const held = names.length === 0 ? 'no SASS or PTX at all' : `only ${names.join(', ')}`;
  return `The GPU code has nothing for ${describeGpu(host.gpu)}${ignored}: it holds ${held}.`;
}

function fail(cause: FailureCause, cudaError: number, reason: string): Failure {
  return { outcome: 'fail', cause, cudaError, reason };
}
