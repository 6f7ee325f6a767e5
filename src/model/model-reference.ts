import { LlcudaError } from '../errors/llcuda-error.ts';
import { isAllowedUrl } from '../net/is-allowed-url.ts';
import { redactUrl } from '../net/redact-url.ts';

/** What a user may write where a model is wanted, told apart without looking at the disk or the net. */
export type ModelReference =
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'hub'; readonly repository: string; readonly file: string }
  | { readonly kind: 'url'; readonly url: string; readonly sha256: string | undefined };

const HUB = /^(?:hf:)?(?<repository>[\w.-]+\/[\w.-]+):(?<file>[^:]+\.gguf)$/i;
const NAME = /^[A-Za-z0-9][\w.:-]*$/;
const SHA256_FRAGMENT = /^#sha256=(?<sha256>[0-9a-f]{64})$/i;

/**
 * Reads a model reference: a path, a registry name, `hf:owner/repo:file.gguf`,
 * `owner/repo:file.gguf` or an https URL (`#sha256=...` pins it). Throws `MODEL_REFERENCE_INVALID`.
 */
export function parseModelReference(text: string): ModelReference {
  const reference = text.trim();
  if (/^https?:\/\//i.test(reference)) return parseUrl(reference);
  const hub = HUB.exec(reference)?.groups;
  const { repository = '', file = '' } = hub ?? {};
  if (hub && hasSafeSegments(`${repository}/${file}`)) return { kind: 'hub', repository, file };
  if (/^hf:/i.test(reference)) {
    throw invalid(reference, 'write it as hf:owner/repo:file.gguf');
  }
  if (/[\\/]/.test(reference) || /\.gguf$/i.test(reference)) {
    return { kind: 'path', path: reference };
  }
  if (NAME.test(reference)) return { kind: 'name', name: reference };
  throw invalid(reference, 'it is no path, registry name, hf: reference or URL');
}

function parseUrl(reference: string): ModelReference {
  if (!URL.canParse(reference)) throw invalid('(a URL)', 'it is no URL');
  const url = new URL(reference);
  if (url.username !== '' || url.password !== '') {
    throw invalid(redactUrl(url), 'a URL must hold no user name and no password');
  }
  if (!isAllowedUrl(url)) throw invalid(redactUrl(url), 'only https is fetched');
  const sha256 = SHA256_FRAGMENT.exec(url.hash)?.groups?.['sha256']?.toLowerCase();
  if (url.hash !== '' && sha256 === undefined) {
    throw invalid(redactUrl(url), 'the part after # must be sha256= and 64 hex digits');
  }
  if (!/\.gguf$/i.test(url.pathname)) throw invalid(redactUrl(url), 'it does not end in .gguf');
  url.hash = '';
  return { kind: 'url', url: url.href, sha256 };
}

function hasSafeSegments(path: string): boolean {
  return path.split('/').every((segment) => segment !== '' && segment !== '.' && segment !== '..');
}

function invalid(reference: string, reason: string): LlcudaError {
  return new LlcudaError(
    'MODEL_REFERENCE_INVALID',
    `Not a model reference: ${reference} (${reason})`,
    {
      detail: { reference, reason },
      hint: 'Run `llcuda models` for the names, or give the path of a .gguf file.',
    },
  );
}
