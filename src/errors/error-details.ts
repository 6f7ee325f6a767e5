/**
 * Every failure a caller can meet, and the facts that come with it, as plain JSON.
 * Removing a row or a field is a major release. What each code means: `errorCatalogue`.
 */
export interface ErrorDetails {
  USAGE_INVALID: { argument?: string };
  TARGET_INVALID: { text: string; reason: string };
  PROMPT_EMPTY: Record<string, never>;
  PROMPT_TOO_LONG: { promptTokens: number; contextTokens: number };
  CHAT_FILE_INVALID: { path: string; line: number; reason: string };
  CHAT_TEMPLATE_MISSING: { model: string };
  CHAT_TEMPLATE_FAILED: { model: string; reason: string };
  MODEL_REFERENCE_INVALID: { reference: string; reason: string };
  MODEL_UNKNOWN: { name: string; suggestions: readonly string[] };
  MODEL_FILE_NOT_FOUND: { path: string };
  MODEL_FILE_INVALID: { path: string; reason: string };
  MODEL_UNAVAILABLE: {
    model: string;
    attempts: readonly {
      readonly source: string;
      readonly code: string;
      readonly reason: string;
    }[];
  };
  MODEL_TASK_MISMATCH: { model: string; task: string };
  MODEL_LOAD_FAILED: { path: string; reason: string; log: readonly string[] };
  REGISTRY_INVALID: { path: string; entry: string; reason: string };
  DOWNLOAD_UNREACHABLE: { url: string; reason: string };
  DOWNLOAD_REFUSED: { url: string; status: number; reason: string };
  DOWNLOAD_INTERRUPTED: { url: string; receivedBytes: number; expectedBytes?: number };
  DOWNLOAD_MISMATCH: {
    url: string;
    expectedSha256?: string;
    actualSha256?: string;
    expectedBytes?: number;
    actualBytes?: number;
  };
  PACKAGE_FETCH_FAILED: {
    package: string;
    client: string;
    exitCode?: number;
    log: readonly string[];
  };
  STORE_NOT_WRITABLE: { path: string; reason: string };
  STORE_LOCK_LOST: { path: string };
  DISK_FULL: { path: string; neededBytes?: number; freeBytes?: number };
  GPU_NOT_FOUND: { hidden: boolean };
  GPU_RUNTIME_MISSING: { gpus: readonly string[]; servers?: readonly string[] };
  RUNTIME_UNSUPPORTED: { platform: string; arch: string; libc?: string };
  RUNTIME_INSTALL_FAILED: { runtime: string; reason: string; log: readonly string[] };
  RUNTIME_BROKEN: { runtime: string; reason: string; log: readonly string[] };
  RUNTIME_CRASHED: { exitCode: number | null; signal: string | null; log: readonly string[] };
  BINARY_MALFORMED: { field: string; offset: number; reason: string };
  BINARY_UNSUPPORTED: { format: string; reason: string };
  BINARY_TOO_LARGE: { field: string; found: number; limit: number };
  SOURCE_UNREADABLE: { source: string; reason: string };
  SOURCE_CHANGED: { source: string; reason: string };
  RANGE_UNSUPPORTED: { url: string; reason: string };
  BUILD_UNSUPPORTED: { platform: string };
  BUILD_TARGET_UNSUPPORTED: { target: string; toolkit: string; reason: string; toolkits?: string };
  TOOLCHAIN_UNUSABLE: {
    tool: string;
    problem: 'missing' | 'too-old' | 'refused' | 'broken';
    found?: string;
    required?: string;
  };
  BUILD_SOURCE_INVALID: { source: string; reason: string };
  BUILD_FAILED: {
    step: 'configure' | 'compile' | 'install';
    exitCode?: number;
    logPath: string;
    log: readonly string[];
  };
  BUILD_REFUSED: { findings: readonly { readonly file: string; readonly reason: string }[] };
  ARCHIVE_UNSAFE: { entry: string; reason: string };
  BUNDLE_INVALID: {
    path: string;
    problems: readonly { readonly path: string; readonly reason: string }[];
  };
  PACK_REFUSED: {
    path: string;
    problems: readonly {
      readonly path: string;
      readonly reason: string;
      readonly fix?: string;
    }[];
  };
  INDEX_INVALID: { index: string; reason: string };
  INDEX_SIGNATURE_INVALID: { index: string; reason: string };
  INDEX_EXPIRED: { index: string; expiresAt: string };
  SCHEMA_TOO_NEW: { source: string; schemaVersion: number; known: number };
  KEY_INVALID: { reason: string };
  CONFIG_INVALID: { path: string; reason: string };
  RUNTIME_NOT_FOUND: { runtime: string; installed: readonly string[] };
  RUNTIME_UNFIT: {
    candidates: readonly {
      readonly bundle: string;
      readonly reason: string;
      readonly fix?: string;
    }[];
  };
  RUNTIME_IN_USE: { runtime: string; processes: readonly number[] };
  OUTPUT_NOT_WRITABLE: { path: string; reason: string };
  SNAPSHOT_INVALID: { reason: string };
  SNAPSHOT_TOO_NEW: { schemaVersion: number; supported: number };
  INTERRUPTED: Record<string, never>;
  INTERNAL: { reason: string };
}

export type ErrorCode = keyof ErrorDetails;
