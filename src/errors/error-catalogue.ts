import type { ErrorCode } from './error-details.ts';

export interface ErrorCatalogueEntry {
  /** What happened, in one sentence, for the reference. */
  readonly meaning: string;
  /** The exit code of the command line: the numbers of sysexits.h, 1 and 2 as usual, 130 on Ctrl+C. */
  readonly exitCode: number;
  /** What to do about it, for the reference. The error's own hint is more precise. */
  readonly remedy: string;
}

/**
 * The whole contract with scripts, in one place: a new error code without a row does not compile.
 * docs/reference/errors.md is generated from this table.
 */
export const errorCatalogue: Readonly<Record<ErrorCode, ErrorCatalogueEntry>> = {
  USAGE_INVALID: {
    meaning: 'The command line is wrong: an unknown command or flag, or a value out of range.',
    exitCode: 2,
    remedy: 'Read `llcuda help` or `llcuda help COMMAND`.',
  },
  TARGET_INVALID: {
    meaning: 'The text after `--for` names no GPU, driver or CUDA version that llcuda knows.',
    exitCode: 2,
    remedy: 'Write for example `--for "rtx 4090,driver=550.54.15"` or `--for 7.5,cuda=12.4`.',
  },
  PROMPT_EMPTY: {
    meaning: 'There is no prompt, or it holds only white space.',
    exitCode: 2,
    remedy: 'Give the prompt as an argument or pipe it in.',
  },
  PROMPT_TOO_LONG: {
    meaning: 'The prompt, as the model counts it, leaves no room in the context for an answer.',
    exitCode: 65,
    remedy: 'Shorten the prompt or raise `--context`.',
  },
  CHAT_FILE_INVALID: {
    meaning: 'A saved conversation holds a line that is not a chat message.',
    exitCode: 65,
    remedy: 'Mend the line that the message names, or load another file.',
  },
  CHAT_TEMPLATE_MISSING: {
    meaning: 'The model file has no chat template: it is a base model.',
    exitCode: 65,
    remedy: 'Use `--raw` for plain completion, or an instruct model.',
  },
  CHAT_TEMPLATE_FAILED: {
    meaning: "The model's chat template refused the messages.",
    exitCode: 65,
    remedy: 'Some templates take no system message or want user and assistant to alternate.',
  },
  MODEL_REFERENCE_INVALID: {
    meaning: 'The text is not a path, a registry name, `hf:owner/repo:file.gguf` or an https URL.',
    exitCode: 2,
    remedy: 'Run `llcuda models` for the names.',
  },
  MODEL_UNKNOWN: {
    meaning: 'No registry entry has this name.',
    exitCode: 66,
    remedy: 'Run `llcuda models` for the names.',
  },
  MODEL_FILE_NOT_FOUND: {
    meaning: 'The path given as a model does not exist.',
    exitCode: 66,
    remedy: 'Check the path.',
  },
  MODEL_FILE_INVALID: {
    meaning: 'The file is not a GGUF, or it is cut off.',
    exitCode: 65,
    remedy: 'Download it again; `llcuda pull` checks what it fetches.',
  },
  MODEL_UNAVAILABLE: {
    meaning: 'None of the sources of the model could be used.',
    exitCode: 69,
    remedy: 'Check the network or the proxy, then try again: what was fetched is kept.',
  },
  MODEL_TASK_MISMATCH: {
    meaning: 'The model is for something else: it gives vectors or scores, not text.',
    exitCode: 65,
    remedy: 'Take a model whose task is chat or completion.',
  },
  MODEL_LOAD_FAILED: {
    meaning: 'llama.cpp refused to load the model.',
    exitCode: 70,
    remedy: 'The detail holds what llama.cpp logged.',
  },
  REGISTRY_INVALID: {
    meaning: 'A model registry does not follow its schema.',
    exitCode: 78,
    remedy: 'Mend the entry that the message names.',
  },
  DOWNLOAD_UNREACHABLE: {
    meaning: 'A host could not be reached, or it redirects without end.',
    exitCode: 75,
    remedy: 'Check the network, HTTPS_PROXY and HF_ENDPOINT, then try again.',
  },
  DOWNLOAD_REFUSED: {
    meaning: 'A host answered with an HTTP error.',
    exitCode: 69,
    remedy: '401 and 403: set HF_TOKEN and accept the licence. 404: check the reference.',
  },
  DOWNLOAD_INTERRUPTED: {
    meaning: 'The connection broke and the retries did not help.',
    exitCode: 75,
    remedy: 'Run the same command again: it goes on where it stopped.',
  },
  DOWNLOAD_MISMATCH: {
    meaning: 'What was fetched is not what was pinned: another size or SHA-256. It was not kept.',
    exitCode: 65,
    remedy: 'Try again; if it stays, the source was changed or a proxy rewrites it.',
  },
  PACKAGE_FETCH_FAILED: {
    meaning: 'pip or npm could not fetch a package, or is not installed.',
    exitCode: 69,
    remedy: 'The detail holds its last lines.',
  },
  STORE_NOT_WRITABLE: {
    meaning: 'The folder for models and runtimes cannot be written.',
    exitCode: 73,
    remedy: 'Set LLCUDA_HOME to a folder that you can write.',
  },
  STORE_LOCK_LOST: {
    meaning: 'Another process took over a lock that this one held, after a long pause.',
    exitCode: 75,
    remedy: 'Try again.',
  },
  DISK_FULL: {
    meaning: 'The disk of the store is full, or has too little room for what is to be fetched.',
    exitCode: 74,
    remedy: 'Free some space, or set LLCUDA_HOME to a folder on another disk.',
  },
  GPU_NOT_FOUND: {
    meaning: 'A GPU was required, and no NVIDIA GPU is visible.',
    exitCode: 69,
    remedy: 'Check `nvidia-smi` and CUDA_VISIBLE_DEVICES, or use `--gpu off`.',
  },
  GPU_RUNTIME_MISSING: {
    meaning: 'There is an NVIDIA GPU, and no installed runtime can use it.',
    exitCode: 69,
    remedy: 'Use `--gpu off` to run on the CPU on purpose.',
  },
  RUNTIME_UNSUPPORTED: {
    meaning: 'There is no embedded runtime for this operating system, processor or C library.',
    exitCode: 69,
    remedy: 'See docs/reference/platforms.md for what there is.',
  },
  RUNTIME_INSTALL_FAILED: {
    meaning: 'The embedded runtime could not be installed. Nothing of it was kept.',
    exitCode: 75,
    remedy: 'The detail holds the last lines of npm. Check the network, then try again.',
  },
  RUNTIME_BROKEN: {
    meaning: 'A runtime is there, but it could not be loaded.',
    exitCode: 70,
    remedy: 'Remove its folder: the next run installs it again.',
  },
  RUNTIME_CRASHED: {
    meaning: 'The process that runs the model ended by itself or was killed.',
    exitCode: 70,
    remedy: 'SIGKILL often means too little memory: use a smaller model or context.',
  },
  BINARY_MALFORMED: {
    meaning: 'A binary breaks the rules of its format: it is cut off, damaged or forged.',
    exitCode: 65,
    remedy: 'Fetch or build the file again; the detail names the field and where it is.',
  },
  BINARY_UNSUPPORTED: {
    meaning: 'A file is of a format, or uses a part of one, that llcuda does not read.',
    exitCode: 65,
    remedy:
      '64-bit ELF and PE, ar, fatbin, cubin and PTX files are read, also in tar and zip archives.',
  },
  BINARY_TOO_LARGE: {
    meaning: 'A binary asks for more memory or work than the limit that guards against forgeries.',
    exitCode: 65,
    remedy: 'If the file is genuine, report it: the detail names the limit.',
  },
  SOURCE_UNREADABLE: {
    meaning: 'A file or folder that was to be examined does not exist or cannot be read.',
    exitCode: 66,
    remedy: 'Check the path and its permissions.',
  },
  SOURCE_CHANGED: {
    meaning: 'A file, here or on a server, changed while it was being examined.',
    exitCode: 75,
    remedy: 'Try again once nothing writes to it any more.',
  },
  RANGE_UNSUPPORTED: {
    meaning: 'What a URL names cannot be examined in place, by ranges of bytes.',
    exitCode: 69,
    remedy: 'Use `--download` to fetch it whole; it is removed afterwards.',
  },
  BUILD_UNSUPPORTED: {
    meaning: 'llcuda does not build llama.cpp on this operating system.',
    exitCode: 69,
    remedy: 'Build on Linux, or in WSL 2.',
  },
  BUILD_TARGET_UNSUPPORTED: {
    meaning: 'The CUDA toolkit cannot build for a GPU or a driver that was named.',
    exitCode: 65,
    remedy: 'Use a toolkit that can: the hint names it. GPUs below 7.5 need CUDA 12.',
  },
  TOOLCHAIN_UNUSABLE: {
    meaning: 'A program that builds need is missing, too old, or refused by the CUDA toolkit.',
    exitCode: 69,
    remedy: 'Install what the hint names.',
  },
  BUILD_SOURCE_INVALID: {
    meaning:
      'What was named as source is not llama.cpp, is unsafe to unpack, or is not what was pinned.',
    exitCode: 65,
    remedy:
      'Name a folder or archive of llama.cpp, or use the pinned source: leave `--source` out.',
  },
  BUILD_FAILED: {
    meaning: 'cmake or a compiler failed. What was compiled is kept for the next run.',
    exitCode: 70,
    remedy: 'The detail holds the lines that matter, and the path of the whole log.',
  },
  BUILD_REFUSED: {
    meaning: 'The build ended, and its files are not what was planned. Nothing was installed.',
    exitCode: 1,
    remedy: 'The detail says which file lacks what.',
  },
  ARCHIVE_UNSAFE: {
    meaning:
      'An archive holds an entry that could do harm: a path or link that leads out of it, a device, a setuid bit, a name that is there twice.',
    exitCode: 65,
    remedy: 'Do not use it. Nothing of it was installed.',
  },
  BUNDLE_INVALID: {
    meaning: 'A folder or archive is no bundle, or it is not what its manifest says.',
    exitCode: 65,
    remedy: 'Pack it again with `llcuda pack`, or get it again: the detail names every difference.',
  },
  PACK_REFUSED: {
    meaning: 'A folder cannot be packed: it would not run on another machine.',
    exitCode: 65,
    remedy: 'Mend what the detail names; each problem has its fix.',
  },
  INDEX_INVALID: {
    meaning:
      'An index of bundles cannot be read, does not follow its schema, or lacks what it lists.',
    exitCode: 65,
    remedy: 'Run `llcuda index check` on it where it is made.',
  },
  INDEX_SIGNATURE_INVALID: {
    meaning: 'An index has no signature, or not one of the key that is trusted for it.',
    exitCode: 65,
    remedy: 'Do not install from it. If its owner has a new key, put that into the configuration.',
  },
  INDEX_EXPIRED: {
    meaning: 'An index is older than its owner allows: it may hide newer bundles.',
    exitCode: 69,
    remedy: 'Ask its owner to sign it again; check the clock of this machine.',
  },
  SCHEMA_TOO_NEW: {
    meaning: 'A manifest, an index or a file of the store was written for a newer llcuda.',
    exitCode: 65,
    remedy: 'Update llcuda.',
  },
  KEY_INVALID: {
    meaning: 'A key for signatures cannot be read, or is of another kind than Ed25519.',
    exitCode: 65,
    remedy: 'Make one with `llcuda index keygen`.',
  },
  CONFIG_INVALID: {
    meaning: 'The configuration file does not follow its schema.',
    exitCode: 78,
    remedy: 'Mend the entry that the message names.',
  },
  RUNTIME_NOT_FOUND: {
    meaning: 'No runtime or bundle has the name that was given, or there is none to go back to.',
    exitCode: 66,
    remedy:
      'Run `llcuda runtimes` for what is installed, `llcuda install --dry-run` for what there is.',
  },
  RUNTIME_UNFIT: {
    meaning: 'None of the bundles runs on this machine.',
    exitCode: 69,
    remedy: 'The detail has the reason for each, and what would make it run.',
  },
  RUNTIME_IN_USE: {
    meaning: 'A runtime is active, or a process is running from it, so it is not removed.',
    exitCode: 75,
    remedy: 'Stop the process, or activate another runtime with `llcuda use`.',
  },
  OUTPUT_NOT_WRITABLE: {
    meaning: 'A folder to write to cannot be made, or there is something in it already.',
    exitCode: 73,
    remedy: 'Name a folder that does not exist yet: nothing is ever overwritten.',
  },
  SNAPSHOT_INVALID: {
    meaning: 'A file is no snapshot of a host, or it is cut off, too large or damaged.',
    exitCode: 65,
    remedy: 'Record it again with `llcuda doctor --snapshot FILE`.',
  },
  SNAPSHOT_TOO_NEW: {
    meaning: 'A snapshot was written by a newer llcuda, in a form that this one does not know.',
    exitCode: 65,
    remedy: 'Update llcuda.',
  },
  INTERRUPTED: {
    meaning: 'Ctrl+C, or the signal of the caller.',
    exitCode: 130,
    remedy: 'A partial download goes on at the next run.',
  },
  INTERNAL: {
    meaning: 'Something that llcuda did not foresee: a bug.',
    exitCode: 70,
    remedy: 'Report it with the output of `--verbose`.',
  },
};
