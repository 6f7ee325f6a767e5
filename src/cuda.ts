/**
 * The part of llcuda that knows GPU code, without any part of Node: it also runs in a browser. Read a file through
 * `createBlobSource`, list its images with `readGpuCode`, judge them with `checkCompatibility`.
 */
export { describeError, type ErrorDescription } from './errors/describe-error.ts';
export type { ErrorCode, ErrorDetails } from './errors/error-details.ts';
export { LlcudaError, type LlcudaErrorOptions } from './errors/llcuda-error.ts';
export type { ByteSource, ReadOptions } from './bytes/byte-source.ts';
export { createBlobSource } from './bytes/create-blob-source.ts';
export { createBufferSource } from './bytes/create-buffer-source.ts';
export type { FileFormat } from './binary/detect-format.ts';
export type { CudaImport, LinkedLibraries } from './binary/linked-libraries.ts';
export type { ToolkitVersion } from './fatbin/cubin.ts';
export type { Fatbin } from './fatbin/fatbin.ts';
export type {
  FatbinImage,
  ImageCompression,
  ImageKind,
  ImageTarget,
  PtxIsa,
} from './fatbin/fatbin-image.ts';
export type { GpuCode, ToolkitFacts } from './fatbin/gpu-code.ts';
export { readGpuCode, type GpuCodeOptions } from './fatbin/read-gpu-code.ts';
export { readImagePayload, type PayloadOptions } from './fatbin/read-image-payload.ts';
export { checkCompatibility } from './compat/check-compatibility.ts';
export { checkFatbin, type CheckFatbinOptions } from './compat/check-fatbin.ts';
export {
  chooseCandidate,
  type Candidate,
  type CandidateChoice,
  type JudgedCandidate,
} from './compat/choose-candidate.ts';
export type { CompatCode, CompatFatbin, CompatImage, CompatTarget } from './compat/compat-image.ts';
export { createCompatCode } from './compat/create-compat-code.ts';
export {
  createMatrix,
  matrixDrivers,
  matrixGpus,
  type Matrix,
  type MatrixCell,
  type MatrixOptions,
  type MatrixRow,
} from './compat/create-matrix.ts';
export { cudaErrors, findCudaError, type CudaError } from './compat/cuda-errors.ts';
export { describeDriver, describeGpu } from './compat/describe-host.ts';
export { findCudaVersion } from './compat/find-cuda-version.ts';
export { findGpu, suggestGpus } from './compat/find-gpu.ts';
export { findPtxIsa } from './compat/find-ptx-isa.ts';
export { formatMatrix, type FormatMatrixOptions } from './compat/format-matrix.ts';
export { gpuTable, type GpuFamily, type GpuRow } from './compat/gpu-table.ts';
export type { HostDevice, HostDriver, HostGpu, OperatingSystem } from './compat/host-device.ts';
export { matchToolkit, type ToolkitEvidence, type ToolkitMatch } from './compat/match-toolkit.ts';
export { parseTarget, resolveTarget, type Target } from './compat/parse-target.ts';
export { toolkitTable, type ToolkitRow } from './compat/toolkit-table.ts';
export { findToolkitTargets } from './compat/toolkit-targets.ts';
export type { FailureCause, FileVerdict, JitCost, Outcome, Verdict } from './compat/verdict.ts';
export {
  formatComputeCapability,
  parseComputeCapability,
  type ComputeCapability,
} from './units/compute-capability.ts';
export { parseCudaVersion, type CudaVersion } from './units/cuda-version.ts';
export { parseDriverVersion, type DriverVersion } from './units/driver-version.ts';
