export { describeError, type ErrorDescription } from './errors/describe-error.ts';
export { errorCatalogue, type ErrorCatalogueEntry } from './errors/error-catalogue.ts';
export type { ErrorCode, ErrorDetails } from './errors/error-details.ts';
export { LlcudaError, type LlcudaErrorOptions } from './errors/llcuda-error.ts';
export type { ProgressEvent, ProgressSink } from './events/progress-event.ts';
export { createDataHost, type DataHostInput } from './host/create-data-host.ts';
export { createNodeHost } from './host/create-node-host.ts';
export type { Host, RunOptions, RunResult } from './host/host.ts';
export type { HttpFetch, HttpRequest, HttpResponse } from './net/http-fetch.ts';
export { findNvidiaGpus, type NvidiaGpus } from './probe/find-nvidia-gpus.ts';
export type { GpuMode } from './runtime/choose-runtime.ts';
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
