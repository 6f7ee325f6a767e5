import type { Host } from '../host/host.ts';

const DEFAULT_ENDPOINT = 'https://huggingface.co';

/** Address of one file on the hub; `HF_ENDPOINT` names a mirror. */
export function hubUrl(host: Host, repository: string, revision: string, file: string): string {
  const endpoint = (host.env['HF_ENDPOINT'] || DEFAULT_ENDPOINT).replace(/\/+$/, '');
  const path = file.split('/').map(encodeURIComponent).join('/');
  return `${endpoint}/${repository}/resolve/${encodeURIComponent(revision)}/${path}`;
}

/** The token for the hub, `HF_TOKEN`. It is sent to the endpoint only, never to where it redirects. */
export function hubToken(host: Host): string | undefined {
  return host.env['HF_TOKEN'] || undefined;
}
