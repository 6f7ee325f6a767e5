import type { KnownError } from '../known-error.ts';
import { githubIssue, llamaCppFile } from '../sources.ts';

const context = llamaCppFile('src/llama-context.cpp');
const server = llamaCppFile('tools/server/server-context.cpp');

/** Contexts, KV caches, batches and templates. */
export const contextErrors: readonly KnownError[] = [
  {
    id: 'kv-cache-too-large',
    title: 'The KV cache does not fit into memory',
    role: 'failure',
    patterns: [
      /failed to allocate buffer for (?:kv|rs) cache/,
      /requested context size too large/i,
      /llama_kv_cache_init\(\) failed for self-attention cache/,
    ],
    cause:
      'The KV cache grows with the context, and the one asked for ({allocation|see the line before}) is larger than what is free. Without -c llama.cpp takes what the model was trained for, which can be 131,072 tokens and more.',
    fix: 'Ask for a shorter context; a cache of 8 bits halves it.',
    commands: ['llama-server -m {model|MODEL.gguf} -c 8192 -ctk q8_0 -ctv q8_0 -fa on'],
    examples: [
      {
        log: 'llama_init_from_model: failed to initialize the context: failed to allocate buffer for kv cache',
        source: llamaCppFile('src/llama-kv-cache.cpp'),
      },
      {
        log: 'llama_kv_cache_init: failed to allocate buffer for kv cache',
        source: githubIssue('ggml-org/llama.cpp#8101'),
      },
    ],
  },
  {
    id: 'compute-buffers-too-large',
    title: 'The work buffers do not fit into memory',
    role: 'failure',
    patterns: [
      /failed to allocate compute (?:pp|tg) buffers/,
      /failed to allocate compute buffers/,
      /ggml_gallocr_reserve_n(?:_impl)?: failed to allocate \w{1,20} buffer of size \d{1,20}/,
    ],
    cause:
      'Model and cache found room, but the buffers for computing ({allocation|see the line before}) did not. They grow with the batch and, without flash attention, with the context.',
    fix: 'Use a smaller batch (-ub 256), flash attention (-fa on), a shorter context, or one layer less on the GPU (-ngl).',
    commands: ['llama-server -m {model|MODEL.gguf} -ub 256 -fa on -c 8192'],
    examples: [
      {
        log: 'llama_init_from_model: failed to initialize the context: failed to allocate compute pp buffers',
        source: context,
      },
      {
        log: 'ggml_gallocr_reserve_n: failed to allocate CUDA0 buffer of size 9332334592',
        source: githubIssue('ikawrakow/ik_llama.cpp#749'),
      },
    ],
  },
  {
    id: 'weights-too-large',
    title: 'The weights of the model do not fit into memory',
    role: 'failure',
    patterns: [/unable to allocate (?<device>\w{1,20}) buffer/],
    cause: 'The layers that go to {device|the device} are larger than what is free there.',
    fix: 'Put fewer layers on the GPU (-ngl), or take a smaller quantization or model.',
    commands: ['nvidia-smi', 'llama-server -m {model|MODEL.gguf} -ngl 20'],
    examples: [
      {
        log: 'llama_model_load: error loading model: unable to allocate CUDA0 buffer',
        source: llamaCppFile('src/llama-model.cpp'),
      },
    ],
  },
  {
    id: 'fit-failed',
    title: 'llama.cpp could not fit the settings to the free memory',
    role: 'note',
    patterns: [/failed to fit params to free device memory: (?<reason>[\w :'-]{1,120})/],
    cause:
      'llama.cpp tried to choose layers and context for the free memory and gave up ({reason|see the line}); it goes on with what was asked for and may run out of memory.',
    fix: 'Leave out -ngl, -ts and -ot so that it can choose, or give a context that fits (-c).',
    commands: ['llama-server -m {model|MODEL.gguf} -c 8192'],
    examples: [
      {
        log: 'common_fit_params: failed to fit params to free device memory: n_gpu_layers already set by user to 99, abort',
        source: llamaCppFile('common/fit.cpp'),
      },
    ],
  },
  {
    id: 'cpu-memory-too-small',
    title: 'The machine has too little memory',
    role: 'cause',
    patterns: [
      /ggml_backend_cpu_buffer_type_alloc_buffer: failed to allocate buffer of size (?<bytes>\d{1,20})/,
      /ggml_aligned_malloc: insufficient memory/,
      /std::bad_alloc/,
      /GGML status: error \(failed to allocate memory\)/,
    ],
    cause: 'An allocation in main memory failed ({allocation|its size is not in the log}).',
    fix: 'Use a shorter context or a smaller model; in a container or a virtual machine look at its memory limit.',
    commands: ['free -h', 'llama-server -m {model|MODEL.gguf} -c 4096'],
    examples: [
      {
        log: 'ggml_backend_cpu_buffer_type_alloc_buffer: failed to allocate buffer of size 137438953504',
        source: githubIssue('ggml-org/llama.cpp#8101'),
      },
    ],
  },
  {
    id: 'mlock-failed',
    title: 'The model could not be locked into memory',
    role: 'note',
    patterns: [/failed to mlock \d{1,20}-byte buffer/],
    cause:
      'The limit for locked memory is lower than the model (ulimit -l); llama.cpp goes on without.',
    fix: 'Leave out --mlock, or raise the limit.',
    commands: ['ulimit -l'],
    examples: [
      {
        log: 'warning: failed to mlock 4831838208-byte buffer (after previously locking 0 bytes): Cannot allocate memory',
        source: llamaCppFile('src/llama-mmap.cpp'),
      },
    ],
  },
  {
    id: 'prompt-too-long',
    title: 'The request is longer than the context of the server',
    role: 'cause',
    patterns: [
      /(?:the )?request(?: \((?<tokens>\d{1,9}) tokens\))? exceeds the available context size(?: \((?<context>\d{1,9})(?: tokens\))?)?/i,
      /Context size has been exceeded/,
      /input \(\d{1,9} tokens\) is larger than the max context size/,
      /Requested tokens \(\d{1,9}\) exceed context window of \d{1,9}/,
    ],
    cause:
      'The request has {tokens|more} tokens, and each slot of the server {context|has fewer}: with -np N each has an Nth of -c.',
    fix: 'Start the server with a larger -c, or with fewer slots (-np 1), or send less.',
    commands: ['llama-server -m {model|MODEL.gguf} -c 32768 -np 1'],
    examples: [
      {
        log: 'srv    send_error: task id = 983, error: request (8283 tokens) exceeds the available context size (2048 tokens), try increasing it',
        source: githubIssue('engeldlgado/toshllm#102'),
      },
      {
        log: 'srv    send_error: task id = 2017, error: the request exceeds the available context size. try increasing the context size or enable context shift',
        source: githubIssue('containers/ramalama#1914'),
      },
      {
        log: 'ValueError: Requested tokens (1207) exceed context window of 1024',
        source: githubIssue('abetlen/llama-cpp-python#585'),
      },
    ],
  },
  {
    id: 'batch-too-small',
    title: 'The input does not fit into one batch',
    role: 'cause',
    patterns: [
      /input \((?<tokens>\d{1,9}) tokens\) is too large to process\. increase the physical batch size/,
      /input is too large to process\. increase the physical batch size/,
    ],
    cause:
      'Embeddings and reranking take an input whole: it must not be longer than the physical batch (-ub).',
    fix: 'Start the server with a larger batch.',
    commands: ['llama-server -m {model|MODEL.gguf} --embeddings -b 8192 -ub 8192'],
    examples: [
      {
        log: 'srv    send_error: task id = 3, error: input (812 tokens) is too large to process. increase the physical batch size (current batch size: 512)',
        source: server,
      },
    ],
  },
  {
    id: 'no-kv-slot',
    title: 'There is no room left in the KV cache',
    role: 'failure',
    patterns: [
      /could not find a KV slot for the batch/,
      /failed to find a memory slot for batch of size \d{1,9}/,
      /failed to find free space in the KV cache/,
    ],
    cause: 'The conversations at hand fill the context together.',
    fix: 'Use a larger context (-c), fewer slots (-np), or a smaller batch (-b).',
    commands: ['llama-server -m {model|MODEL.gguf} -c 32768 -np 1'],
    examples: [
      { log: 'decode: failed to find a memory slot for batch of size 512', source: context },
      {
        log: '[Error: could not find a KV slot for the batch (try reducing the size of the batch or increase the context)]',
        source: githubIssue('withcatai/node-llama-cpp#190'),
      },
    ],
  },
  {
    id: 'decode-failed',
    title: 'llama.cpp could not evaluate a batch',
    role: 'consequence',
    patterns: [
      /failed to decode, ret = -?\d{1,6}/,
      /llama_decode(?:\(\))? (?:failed|returned)/,
      /failed to compute graph, compute status: -?\d{1,6}/,
    ],
    cause:
      'Evaluating failed; 1 means that the KV cache is full, negative values that computing failed. An earlier line says more.',
    fix: 'Look at the lines before; a larger context (-c) or a smaller batch (-b) helps against 1.',
    commands: [],
    examples: [
      { log: 'llama_decode: failed to decode, ret = -3', source: context },
      { log: 'process_ubatch: failed to compute graph, compute status: -1', source: context },
    ],
  },
  {
    id: 'context-create-failed',
    title: 'The context could not be made',
    role: 'consequence',
    patterns: [
      /failed to create (?:llama_)?context(?: with model| from model|$)/i,
      /failed to initialize the context: (?!failed to allocate|quantized)/,
    ],
    cause:
      'Mostly there was too little memory for the KV cache or the work buffers: an earlier line says which.',
    fix: 'Use a shorter context.',
    commands: ['llama-server -m {model|MODEL.gguf} -c 4096'],
    examples: [
      {
        log: "common_init_from_params: failed to create context with model 'models/model.gguf'",
        source: llamaCppFile('common/common.cpp'),
      },
      {
        log: 'ValueError: Failed to create llama_context',
        source: githubIssue('abetlen/llama-cpp-python#1944'),
      },
    ],
  },
  {
    id: 'kv-quant-needs-flash-attention',
    title: 'A quantized V cache needs flash attention',
    role: 'cause',
    patterns: [
      /quantized V cache (?:was requested, but this )?requires (?:flash_attn|Flash Attention)/i,
      /V cache quantization requires flash_attn/i,
      /SPLIT_MODE_TENSOR requires flash_attn/,
    ],
    cause:
      'The V cache can be quantized (-ctv q8_0, q4_0) only with flash attention, and so can splitting by tensors; it is off here, or this model or device does not support it.',
    fix: 'Switch it on, or leave the V cache as it is (-ctv f16).',
    commands: ['llama-server -m {model|MODEL.gguf} -fa on -ctk q8_0 -ctv q8_0'],
    examples: [
      {
        log: 'llama_init_from_model: quantized V cache requires flash_attn to be enabled',
        source: context,
      },
      {
        log: 'llama_new_context_with_model: V cache quantization requires flash_attn',
        source: githubIssue('ggml-org/llama.cpp#10378'),
      },
    ],
  },
  {
    id: 'context-shorter-than-trained',
    title: 'The context is shorter than what the model was trained for',
    role: 'note',
    patterns: [/n_ctx_(?:per_)?seq \((?<context>\d{1,9})\) < n_ctx_train \((?<trained>\d{1,9})\)/],
    cause:
      'The context has {context} tokens and the model was trained for {trained}. That is no fault: a shorter one saves memory.',
    fix: 'Ask for more (-c) if you need it and it fits.',
    commands: [],
    examples: [
      {
        log: 'llama_context: n_ctx_seq (131072) < n_ctx_train (196608) -- the full capacity of the model will not be utilized',
        source: githubIssue('ggml-org/llama.cpp#18575'),
      },
      {
        log: 'llama_new_context_with_model: n_ctx_per_seq (512) < n_ctx_train (4096) -- the full capacity of the model will not be utilized',
        source: githubIssue('simonw/llm-gguf#3'),
      },
    ],
  },
  {
    id: 'chat-template-failed',
    title: 'The chat template of the model does not work',
    role: 'cause',
    patterns: [
      /chat template parsing error: (?<reason>[^\n]{1,120})/,
      /failed to (?:initialize|apply|parse tool use) chat template/,
      /the supplied chat template is not supported/,
      /this custom template is not supported, try using --jinja/,
    ],
    cause:
      'The template in the file, or the one given, cannot be used by this llama.cpp: it is written for a newer one, has a mistake, or does not take these messages.',
    fix: 'Use a newer llama.cpp, or give a template yourself.',
    commands: ['llama-server -m {model|MODEL.gguf} --jinja --chat-template-file TEMPLATE.jinja'],
    examples: [
      {
        log: 'srv          init: init: chat template parsing error: Unknown filter: items',
        source: server,
      },
      {
        log: 'common_chat_templates_init: failed to initialize chat template',
        source: llamaCppFile('common/chat.cpp'),
      },
    ],
  },
  {
    id: 'tools-need-jinja',
    title: 'Tools need the Jinja templates',
    role: 'cause',
    patterns: [/tool(?:s|_choice) param requires --jinja flag/],
    cause:
      'The request has tools, and the server was started with --no-jinja or is older than the default.',
    fix: 'Start the server with --jinja.',
    commands: ['llama-server -m {model|MODEL.gguf} --jinja'],
    examples: [
      {
        log: 'tools param requires --jinja flag',
        source: llamaCppFile('tools/server/server-common.cpp'),
      },
    ],
  },
];
