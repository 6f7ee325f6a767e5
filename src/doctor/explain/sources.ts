/** A file of llama.cpp: the texts are those of release v0.5.0. */
export function llamaCppFile(path: string): string {
  return `https://github.com/ggml-org/llama.cpp/blob/v0.5.0/${path}`;
}

/** `githubIssue('ollama/ollama#602')`. */
export function githubIssue(reference: string): string {
  const [repository = '', number = ''] = reference.split('#');
  return `https://github.com/${repository}/issues/${number}`;
}
