import type { KnownError } from '../known-error.ts';
import { githubIssue, llamaCppFile } from '../sources.ts';

const loader = llamaCppFile('src/llama-model-loader.cpp');
const gguf = llamaCppFile('ggml/src/gguf.cpp');

/** Model files that llama.cpp does not take. */
export const modelErrors: readonly KnownError[] = [
  {
    id: 'model-architecture-unknown',
    title: 'This llama.cpp does not know the architecture of the model',
    role: 'cause',
    patterns: [/unknown model architecture: '(?<architecture>[^']{1,60})'/],
    cause:
      'The model is of the architecture {architecture}, which came to llama.cpp after this version was built.',
    fix: 'Use a newer llama.cpp. Programs that bring their own copy (node-llama-cpp, llama-cpp-python, ollama) have to be updated themselves.',
    commands: ['llama-server --version'],
    examples: [
      {
        log: "llama_model_load: error loading model: error loading model architecture: unknown model architecture: 'gemma4'",
        source: llamaCppFile('src/llama-model.cpp'),
      },
    ],
  },
  {
    id: 'model-tokenizer-unknown',
    title: 'This llama.cpp does not know the tokenizer of the model',
    role: 'cause',
    patterns: [
      /unknown pre-tokenizer type: '(?<tokenizer>[^']{1,60})'/,
      /unknown tokenizer: '(?<tokenizer>[^']{1,60})'/,
    ],
    cause:
      'The tokenizer {tokenizer|of the file} came to llama.cpp after this version was built, or the file was converted wrongly.',
    fix: 'Use a newer llama.cpp; if that does not help, another conversion of the model.',
    commands: ['llama-server --version'],
    examples: [
      {
        log: "llama_model_load: error loading model: error loading model vocabulary: unknown pre-tokenizer type: 'smaug-bpe'",
        source: llamaCppFile('src/llama-vocab.cpp'),
      },
    ],
  },
  {
    id: 'model-truncated',
    title: 'The model file is not complete',
    role: 'cause',
    patterns: [
      /data is not within the file bounds/,
      /tensor '[^']{1,120}' has offset \d{1,20}, expected \d{1,20}/,
      /failed to read (?:tensor data|magic|header|key-value pairs|tensor info)\b/,
      /unexpectedly reached end of (?:file|buffer)/,
    ],
    cause:
      'The file ends before its contents do: a download that broke off, or a disk that was full.',
    fix: 'Download it again with something that checks what it fetches.',
    commands: ['ls -l {model|MODEL.gguf}', 'sha256sum {model|MODEL.gguf}'],
    examples: [
      {
        log: "llama_model_load: error loading model: tensor 'blk.10.ffn_down.weight' data is not within the file bounds, model is corrupted or incomplete",
        source: llamaCppFile('src/llama-model-loader.h'),
      },
      { log: 'gguf_init_from_file_impl: failed to read tensor data', source: gguf },
    ],
  },
  {
    id: 'model-not-gguf',
    title: 'The file is not a GGUF model',
    role: 'cause',
    patterns: [
      /invalid magic characters:? '/,
      /bad magic(?: number)? in \S{1,160}\.(?:gguf|bin)/i,
      /InvalidGgufMagicError|Invalid GGUF magic/,
    ],
    cause:
      'The file does not begin with the letters GGUF. It is an HTML page saved by a failed download, a Git LFS pointer, a folder, a safetensors or an old GGML file.',
    fix: 'Look at its first bytes and its size, then download it again or convert it.',
    commands: ['head -c 200 {model|MODEL.gguf}', 'ls -l {model|MODEL.gguf}'],
    examples: [
      {
        log: "gguf_init_from_file_impl: invalid magic characters: '<!DO', expected 'GGUF'",
        source: gguf,
      },
      {
        log: "gguf_init_from_file: invalid magic characters '\u{fffd}'",
        source: githubIssue('ggml-org/llama.cpp#9061'),
      },
    ],
  },
  {
    id: 'model-file-missing',
    title: 'The model file cannot be opened',
    role: 'cause',
    patterns: [
      /failed to open GGUF file '(?<model>[^']{1,200})' \((?<reason>[^()]{1,60})\)/,
      /gguf_init_from_file: failed to open '(?<model>[^']{1,200})'/,
    ],
    cause: 'The system does not give the file to the program: {reason|see the line}.',
    fix: 'Check the path (in a container: that of the container) and its permissions.',
    commands: ['ls -l {model|MODEL.gguf}', 'pwd'],
    examples: [
      {
        log: "gguf_init_from_file: failed to open GGUF file 'models/model.gguf' (No such file or directory)",
        source: gguf,
      },
    ],
  },
  {
    id: 'model-gguf-version',
    title: 'The GGUF file is of a version that this llama.cpp does not read',
    role: 'cause',
    patterns: [
      /GGUFv1 is no longer supported/,
      /bad GGUF version: \d{1,10}/,
      /this GGUF file is version \d{1,10} but this software only supports/,
      /GGUF file version \d{1,10} is extremely large/,
    ],
    cause:
      'The file is too old (version 1), newer than the program, or was written for a machine with the other byte order.',
    fix: 'Take a newer conversion of the model, or a newer llama.cpp.',
    commands: ['llama-server --version'],
    examples: [
      { log: 'gguf_init_from_file_impl: bad GGUF version: 0', source: gguf },
      {
        log: 'gguf_init_from_file_impl: this GGUF file is version 4 but this software only supports up to version 3',
        source: gguf,
      },
    ],
  },
  {
    id: 'model-tensor-type-unknown',
    title: 'The model is quantized in a way that this llama.cpp does not know',
    role: 'cause',
    patterns: [/has invalid ggml type \d{1,10}/],
    cause: 'A tensor has a type that came to ggml later, or that only a fork has.',
    fix: 'Use a newer llama.cpp, the fork that the model was made for, or another quantization.',
    commands: ['llama-server --version'],
    examples: [
      {
        log: "gguf_init_from_file_impl: tensor 'blk.0.ffn_down.weight' has invalid ggml type 145. should be in [0, 42)",
        source: gguf,
      },
    ],
  },
  {
    id: 'model-tensors-mismatch',
    title: 'The tensors of the model are not those that llama.cpp expects',
    role: 'cause',
    patterns: [
      /wrong number of tensors; expected \d{1,8}, got \d{1,8}/,
      /\bmissing tensor '(?<tensor>[^']{1,120})'/,
      /tensor '[^']{1,120}' has wrong shape; expected/,
      /key not found in model: (?<key>[\w.-]{1,120})/,
    ],
    cause:
      'The file and this version of llama.cpp do not agree on what the architecture consists of: the file was converted before or after a change, or this is a draft or projector file and not the model.',
    fix: 'Use a newer llama.cpp, or a newer conversion of the model.',
    commands: ['llama-server --version'],
    examples: [
      {
        log: 'llama_model_load: error loading model: done_getting_tensors: wrong number of tensors; expected 292, got 291',
        source: loader,
      },
      {
        log: "llama_model_load: error loading model: missing tensor 'token_embd.weight'",
        source: loader,
      },
      {
        log: 'llama_model_load: error loading model: error loading model hyperparameters: key not found in model: llama.context_length',
        source: loader,
      },
    ],
  },
  {
    id: 'model-split',
    title: 'Part of a model that is split into several files is wrong or missing',
    role: 'cause',
    patterns: [
      /illegal split file idx: \d{1,6}/,
      /failed to load GGUF split from (?<split>\S{1,200})/,
      /invalid split (?:file|count|file name|file idx)\b/,
    ],
    cause:
      'A model named ...-00001-of-0000N.gguf needs all its parts in one folder with their names, and is opened by its first part.',
    fix: 'Give the path of part 00001, and fetch the parts that are missing.',
    commands: ['ls -l ./*-of-*.gguf'],
    examples: [
      {
        log: 'llama_model_load: error loading model: illegal split file idx: 1 (file: model-00002-of-00003.gguf), model must be loaded with the first split',
        source: loader,
      },
      {
        log: 'llama_model_load: error loading model: llama_model_loader: failed to load GGUF split from model-00002-of-00003.gguf',
        source: loader,
      },
    ],
  },
  {
    id: 'mmproj-mismatch',
    title: 'The projector (mmproj) is not of this model',
    role: 'cause',
    patterns: [
      /mismatch between text model \(n_embd = (?<text>\d{1,7})\) and (?:gen-audio )?mmproj \(n_embd = (?<projector>\d{1,7})\)/,
    ],
    cause:
      'The text model works with {text|other} values per token, the projector with {projector|others}: they are of different models or sizes.',
    fix: 'Take the mmproj file from the same repository as the model, for the same size.',
    commands: [],
    examples: [
      {
        log: 'mismatch between text model (n_embd = 2560) and mmproj (n_embd = 5120)',
        source: llamaCppFile('tools/mtmd/mtmd.cpp'),
      },
    ],
  },
  {
    id: 'mmproj-missing',
    title: 'Images or sound were sent to a model without a projector',
    role: 'cause',
    patterns: [
      /(?:image|audio|video) input is not supported - hint: if this is unexpected, you may need to provide the mmproj/,
    ],
    cause: 'The server was started without --mmproj, so that the model takes text only.',
    fix: 'Start the server with the mmproj file of the model.',
    commands: ['llama-server -m {model|MODEL.gguf} --mmproj MMPROJ.gguf'],
    examples: [
      {
        log: 'image input is not supported - hint: if this is unexpected, you may need to provide the mmproj',
        source: llamaCppFile('tools/server/server-common.cpp'),
      },
    ],
  },
  {
    id: 'mmproj-load-failed',
    title: 'The projector (mmproj) could not be loaded',
    role: 'failure',
    patterns: [
      /failed to load multimodal model, '(?<projector>[^']{1,200})'/,
      /Unknown projector type/,
    ],
    cause:
      'The file {projector|after --mmproj} is missing, damaged, or of a kind that this llama.cpp does not know.',
    fix: 'Check the file, then try a newer llama.cpp.',
    commands: ['ls -l {projector|MMPROJ.gguf}', 'llama-server --version'],
    examples: [
      {
        log: "srv    load_model: failed to load multimodal model, 'mmproj-F16.gguf'",
        source: llamaCppFile('tools/server/server-context.cpp'),
      },
    ],
  },
  {
    id: 'model-load-failed',
    title: 'The model was not loaded',
    role: 'consequence',
    patterns: [
      /failed to load model\b/,
      /unable to load model\b/,
      /exiting due to model loading error/,
      /error loading model: (?!error loading|unknown|llama_model_loader: failed to load GGUF)/,
    ],
    cause:
      'llama.cpp says only that loading failed. An earlier line says why; where there is none, the file is missing or is not a GGUF.',
    fix: 'Check that the path is right, that the file is complete and begins with GGUF, and that there is enough memory.',
    commands: ['ls -l {model|MODEL.gguf}', 'head -c 4 {model|MODEL.gguf}'],
    examples: [
      {
        log: "srv    load_model: failed to load model, 'models/model.gguf'",
        source: llamaCppFile('tools/server/server-context.cpp'),
      },
      {
        log: 'llama_model_load: error loading model: llama_model_loader: failed to load model from models/model.gguf',
        source: loader,
      },
    ],
  },
];
