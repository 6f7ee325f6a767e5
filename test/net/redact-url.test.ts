import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redactUrl } from '../../src/net/redact-url.ts';

describe('redactUrl', () => {
  it.each([
    ['https://host/a/b.gguf', 'https://host/a/b.gguf'],
    ['https://user:password@host:8443/a', 'https://host:8443/a'],
    ['https://host/a?X-Amz-Signature=abc&b=1#part', 'https://host/a'],
    ['https://token@host/', 'https://host/'],
    ['not a URL', '(not a URL)'],
    ['', '(not a URL)'],
  ])('shows %j as %j', (url, shown) => {
    const redacted = redactUrl(url);

    expect(redacted).toBe(shown);
  });

  it('takes a URL object and leaves it as it was', () => {
    const url = new URL('https://user:password@host/a?b#c');

    const redacted = redactUrl(url);

    expect(redacted).toBe('https://host/a');
    expect(url.href).toBe('https://user:password@host/a?b#c');
  });

  it('never shows a user, a password, a query or a fragment', () => {
    const secret = fc.uuid();
    fc.assert(
      fc.property(
        fc.webUrl({ withQueryParameters: true, withFragments: true }),
        secret,
        secret,
        secret,
        (text, user, password, value) => {
          const url = new URL(text);
          [url.username, url.password] = [user, password];
          url.searchParams.append('signature', value);
          url.hash = value;

          const redacted = redactUrl(url.href);

          expect(redacted).toBe(`${url.origin}${url.pathname}`);
          for (const part of [user, password, value]) expect(redacted).not.toContain(part);
        },
      ),
    );
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(redactUrl(text)).toEqual(expect.any(String));
      }),
    );
  });
});
