/** Variables that a probe reads. Everything else stays out of a snapshot. */
const kept =
  /^(?:PATH|LD_LIBRARY_PATH|LD_PRELOAD|LIBRARY_PATH|CUDA_\w+|CUDACXX|NVIDIA_\w+|LLAMA_\w+|GGML_\w+|LLCUDA_\w+|OMP_\w+|HF_HOME|HF_ENDPOINT|HF_HUB_\w+|XDG_CACHE_HOME|VIRTUAL_ENV|CONDA_PREFIX|PYENV_VERSION|container|KUBERNETES_SERVICE_HOST|COLAB_GPU|COLAB_RELEASE_TAG|KAGGLE_KERNEL_RUN_TYPE|KAGGLE_URL_BASE|CI|GITHUB_ACTIONS|GITLAB_CI|BUILDKITE|CIRCLECI|JENKINS_URL|TF_BUILD|(?:https?|all|no)_proxy)$/i;
const secret = /token|secret|passw|credential|api_?key|_key$|private/i;
/** That they are set matters, not to what. */
const flag = /^(?:KUBERNETES_SERVICE_HOST|JENKINS_URL|KAGGLE_URL_BASE|(?:https?|all|no)_proxy)$/i;
const MARK = 'redacted';

/** The part of the environment that a snapshot keeps; a secret that matters is a mark. */
export function keepEnvironment(
  env: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const known = Object.entries(env).flatMap(([name, value]) => {
    if (secret.test(name)) {
      return /^(?:HF|HUGGING_?FACE|LLAMA|LLCUDA)_/i.test(name) ? [[name, MARK] as const] : [];
    }
    if (!kept.test(name)) return [];
    return [[name, flag.test(name) && value !== '' ? formatFlag(name) : value] as const];
  });
  return Object.fromEntries(known);
}

function formatFlag(name: string): string {
  return /^no_proxy$/i.test(name) ? MARK : `https://${MARK}.invalid`;
}
