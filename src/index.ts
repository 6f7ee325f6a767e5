export { describeError, type ErrorDescription } from './errors/describe-error.ts';
export { errorCatalogue, type ErrorCatalogueEntry } from './errors/error-catalogue.ts';
export type { ErrorCode, ErrorDetails } from './errors/error-details.ts';
export { LlcudaError, type LlcudaErrorOptions } from './errors/llcuda-error.ts';
export type { ProgressEvent, ProgressSink } from './events/progress-event.ts';
export { createDataHost, type DataHostInput } from './host/create-data-host.ts';
export { createNodeHost } from './host/create-node-host.ts';
export type { Host, HostEntry, RunOptions, RunResult } from './host/host.ts';
export { createSnapshotHost } from './host/snapshot/create-snapshot-host.ts';
export { parseSnapshot } from './host/snapshot/parse-snapshot.ts';
export { recordHost, type HostRecording } from './host/snapshot/record-host.ts';
export type {
  Snapshot,
  SnapshotBinary,
  SnapshotFatbin,
  SnapshotHost,
  SnapshotOrigin,
} from './host/snapshot/snapshot.ts';
export type { HttpFetch, HttpRequest, HttpResponse } from './net/http-fetch.ts';
export type { BinaryEvidence, BinaryReading } from './host/binary-evidence.ts';
export type {
  DeviceNode,
  DriverFacts,
  KernelModule,
  LibcudaFacts,
  NativeFacts,
  NvmlFacts,
  SmiFacts,
} from './probe/facts/driver-facts.ts';
export type { EnvironmentFacts } from './probe/facts/environment-facts.ts';
export type {
  ClockFacts,
  EccFacts,
  GpuFacts,
  GpuProcess,
  MigFacts,
  MigInstance,
  PowerFacts,
} from './probe/facts/gpu-facts.ts';
export type { CLibraryFacts, LibraryCopy, LibraryFacts } from './probe/facts/library-facts.ts';
export type {
  DiskFacts,
  JetsonFacts,
  MemoryFacts,
  PlatformFacts,
  ProcessorFacts,
} from './probe/facts/platform-facts.ts';
export type { RuntimeBinary, RuntimeFacts } from './probe/facts/runtime-facts.ts';
export type { Confidence, FactSource, Sourced } from './probe/facts/sourced.ts';
export type { PythonFacts, ToolFacts, ToolName, TorchFacts } from './probe/facts/tool-facts.ts';
export type { HostToolkit, ToolkitClue } from './probe/facts/toolkit-facts.ts';
export type {
  VisibleDeviceEntry,
  VisibleDevicesFacts,
} from './probe/facts/visible-devices-facts.ts';
export type { HostFacts } from './probe/host-facts.ts';
export { probeHost, type ProbeOptions } from './probe/probe-host.ts';
export { findNvidiaGpus, type NvidiaGpus } from './probe/find-nvidia-gpus.ts';
export { findHostDevices } from './probe/find-host-devices.ts';
export { listHostDevices, type DeviceEvidence } from './probe/list-host-devices.ts';
export { inspectBinary } from './inspect/inspect-binary.ts';
export type { BinarySource, ExamineOptions, InspectOptions } from './inspect/inspect-options.ts';
export type {
  DecodedReport,
  DecodeFailure,
  FileReport,
  ImageGroup,
  InspectedFile,
  InspectReport,
  LibraryReport,
  UnreadableFile,
} from './inspect/inspect-report.ts';
export type { CheckGroup, CheckStatus } from './doctor/check.ts';
export {
  readDoctorEvidence,
  type DoctorEvidence,
  type StoredModel,
  type StoreEvidence,
} from './doctor/doctor-evidence.ts';
export type {
  CheckResult,
  DoctorReport,
  DoctorVerdict,
  GpuSummary,
  HostSummary,
} from './doctor/doctor-report.ts';
export { runDoctor, type DoctorOptions } from './doctor/run-doctor.ts';
export {
  explainLog,
  type ExplainedError,
  type ExplainLogOptions,
  type LogExplanation,
} from './doctor/explain/explain-log.ts';
export type { LogFacts, LogGpu } from './doctor/explain/collect-facts.ts';
export type { ErrorExample, KnownError, KnownErrorRole } from './doctor/explain/known-error.ts';
export { knownErrors } from './doctor/explain/known-errors.ts';
export type { LogText } from './doctor/explain/log-text.ts';
export type { LogLine } from './doctor/explain/split-log.ts';
export {
  extractImages,
  type ExtractedImage,
  type Extraction,
  type SkippedImage,
} from './extract/extract-images.ts';
export type { ByteSource, ReadOptions } from './bytes/byte-source.ts';
export { createBlobSource } from './bytes/create-blob-source.ts';
export { createBufferSource } from './bytes/create-buffer-source.ts';
export type { GpuCode } from './fatbin/gpu-code.ts';
export { readGpuCode, type GpuCodeOptions } from './fatbin/read-gpu-code.ts';
export { checkCompatibility } from './compat/check-compatibility.ts';
export type { CompatCode, CompatFatbin, CompatImage, CompatTarget } from './compat/compat-image.ts';
export { createCompatCode } from './compat/create-compat-code.ts';
export {
  createMatrix,
  type Matrix,
  type MatrixCell,
  type MatrixOptions,
  type MatrixRow,
} from './compat/create-matrix.ts';
export { formatMatrix, type FormatMatrixOptions } from './compat/format-matrix.ts';
export type { HostDevice, HostDriver, HostGpu, OperatingSystem } from './compat/host-device.ts';
export { parseTarget, resolveTarget, type Target } from './compat/parse-target.ts';
export type { FailureCause, FileVerdict, JitCost, Outcome, Verdict } from './compat/verdict.ts';
export { buildRuntime, findBuiltRuntime, type BuiltRuntime } from './build/build-runtime.ts';
export type { BuildManifest, BuiltFile } from './build/build-manifest.ts';
export type { BuildOptions } from './build/build-options.ts';
export type { BuildRunResult } from './build/compile/run-build.ts';
export type { BuiltUnit } from './build/compile/find-slowest-unit.ts';
export {
  checkRuntimeFolder,
  type GateFinding,
  type GateOptions,
  type GateResult,
} from './build/gate/check-runtime-folder.ts';
export type {
  BuildBackend,
  BuildPlan,
  CudaPlan,
  PlannedGpu,
  PlannedImage,
} from './build/plan/build-plan.ts';
export { gpuPresets, type GpuPreset } from './build/plan/gpu-presets.ts';
export { planBuild, type PlanRequest } from './build/plan/plan-build.ts';
export { prepareBuild, type PreparedBuild } from './build/prepare-build.ts';
export type { BuildSource } from './build/source/build-source.ts';
export type {
  FoundCompiler,
  FoundTool,
  FoundToolkit,
  Toolchain,
} from './build/toolchain/toolchain.ts';
export type { GpuMode } from './runtime/choose-runtime.ts';
export type {
  BuildFacts,
  BundleEntry,
  BundleFile,
  BundleLicense,
  BundleLink,
  BundleManifest,
  BundleSummary,
  DriverFloor,
  GpuFile,
  HostFloors,
  LlamaCppVersion,
} from './runtime/bundle/bundle-manifest.ts';
export { checkBundle, type CheckedBundle } from './runtime/bundle/check-bundle.ts';
export {
  createBundleManifest,
  type BuildStatement,
  type ManifestOptions,
} from './runtime/bundle/create-bundle-manifest.ts';
export type { BundleProblem } from './runtime/bundle/invalid-bundle.ts';
export { packRuntime, type PackedRuntime, type PackOptions } from './runtime/pack/pack-runtime.ts';
export type { BundleIndex, IndexedBundle } from './runtime/index/bundle-index.ts';
export {
  checkIndex,
  type CheckIndexOptions,
  type IndexCheck,
} from './runtime/index/check-index.ts';
export { addToIndex, removeFromIndex, type EditedIndex } from './runtime/index/edit-index.ts';
export { readIndex, type IndexSource, type ReadIndexOptions } from './runtime/index/read-index.ts';
export { signIndex, type SignedIndex, type SignIndexOptions } from './runtime/index/sign-index.ts';
export { createKeyPair, type KeyPair } from './runtime/index/signing-keys.ts';
export type { ChangeOptions } from './runtime/server/change-runtimes.ts';
export { gcRuntimes, type CollectedGarbage, type GcOptions } from './runtime/server/gc-runtimes.ts';
export { installRuntime, type InstalledServer } from './runtime/server/install-runtime.ts';
export type {
  InstallRuntimeOptions,
  PreviewInstallOptions,
} from './runtime/server/prepare-install.ts';
export { previewInstall } from './runtime/server/preview-install.ts';
export type { InstallStep } from './runtime/server/install-step.ts';
export type { BundleOutcome, Judgement } from './runtime/server/judge-bundle.ts';
export { listRuntimes, type ListedRuntime } from './runtime/server/list-runtimes.ts';
export type { InstallPlan, JudgedBundle } from './runtime/server/plan-install.ts';
export {
  proveRuntime,
  type ProveOptions,
  type RuntimeProof,
} from './runtime/server/prove-runtime.ts';
export { removeRuntime } from './runtime/server/remove-runtime.ts';
export type { ServerRuntime } from './runtime/server/server-store.ts';
export { rollbackRuntime, useRuntime, type UsedRuntime } from './runtime/server/use-runtime.ts';
export { listModels, type ListedModel } from './model/list-models.ts';
export { parseModelReference, type ModelReference } from './model/model-reference.ts';
export type { ModelServiceOptions } from './model/model-services.ts';
export { pullModel, type PulledModel } from './model/pull-model.ts';
export type { FetchedModel } from './model/fetch-once.ts';
export type { ModelSource, RegistryEntry } from './model/registry-entry.ts';
export type { ChatMessage } from './engine/chat-message.ts';
export type { Distribution, EngineMetrics } from './engine/engine-metrics.ts';
export {
  InferenceEngine,
  type EngineOptions,
  type InferenceResult,
  type InferOptions,
  type Prompt,
  type StreamPiece,
} from './engine/inference-engine.ts';
export type { SamplingOptions } from './engine/sampling-options.ts';
export { formatChatHistory, parseChatHistory } from './engine/chat-history.ts';
export { createChat, type Chat, type ChatOptions, type TurnOptions } from './engine/create-chat.ts';
