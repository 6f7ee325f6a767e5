/** A URL fit for messages and logs: no user name, password, query (signed URLs) or fragment. */
export function redactUrl(url: string | URL): string {
  const parsed = typeof url === 'string' ? parse(url) : new URL(url);
  if (!parsed) return '(not a URL)';
  parsed.username = '';
  parsed.password = '';
  parsed.search = '';
  parsed.hash = '';
  return parsed.href;
}

function parse(url: string): URL | undefined {
  return URL.canParse(url) ? new URL(url) : undefined;
}
