import type { Host } from '../../host/host.ts';
import { redactUrl } from '../../net/redact-url.ts';
import { cleanText } from '../clean-text.ts';
import type { EnvironmentFacts } from '../facts/environment-facts.ts';

const shown =
  /^(?:CUDA_\w+|CUDACXX|NVIDIA_\w+|LLAMA_\w+|GGML_\w+|LLCUDA_\w+|OMP_\w+|LD_LIBRARY_PATH|LD_PRELOAD|LIBRARY_PATH|HF_HOME|HF_ENDPOINT|HF_HUB_\w+|XDG_CACHE_HOME|VIRTUAL_ENV|CONDA_PREFIX)$/;
const address = /^(?:HF_ENDPOINT|(?:https?|all)_proxy)$/i;
const secret = /token|secret|passw|credential|api_?key|_key$|private/i;

/** The variables that matter here. Values of secrets stay out, and so do passwords in addresses. */
export function readEnvironment({ env }: Pick<Host, 'env'>): EnvironmentFacts {
  const set = Object.entries(env)
    .filter(([, value]) => value !== undefined && value !== '')
    .sort(([left], [right]) => (left < right ? -1 : 1));
  const variables = set.flatMap(([name, value = '']) => {
    if (secret.test(name)) return [];
    if (address.test(name)) return [[name, redactUrl(value)] as const];
    if (/^no_proxy$/i.test(name)) return [[name, cleanText(value) ?? ''] as const];
    // An empty list of devices hides all of them, so that it counts as set.
    return shown.test(name) ? [[name, cleanText(value) ?? ''] as const] : [];
  });
  const hidesAll =
    env['CUDA_VISIBLE_DEVICES'] === '' ? [['CUDA_VISIBLE_DEVICES', ''] as const] : [];
  const relevant = /^(?:HF|HUGGING_?FACE|LLAMA|LLCUDA|WANDB|NGC)_/i;
  return {
    variables: Object.fromEntries([...hidesAll, ...variables]),
    secrets: set.flatMap(([name]) => (secret.test(name) && relevant.test(name) ? [name] : [])),
    forcePtxJit: env['CUDA_FORCE_PTX_JIT'] === '1',
    disablePtxJit: env['CUDA_DISABLE_PTX_JIT'] === '1',
  };
}
