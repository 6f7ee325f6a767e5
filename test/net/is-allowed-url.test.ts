import { describe, expect, it } from 'vitest';
import { isAllowedUrl } from '../../src/net/is-allowed-url.ts';

describe('isAllowedUrl', () => {
  it.each([
    'https://huggingface.co/a',
    'https://192.0.2.1:8443/',
    'http://localhost/a',
    'http://LOCALHOST:8080/',
    'http://127.0.0.1:8080/',
    'http://127.255.0.9/',
    'http://127.1/',
    'http://0x7f000001/',
    'http://[::1]:8080/',
  ])('allows %s', (url) => {
    const isAllowed = isAllowedUrl(new URL(url));

    expect(isAllowed).toBe(true);
  });

  it.each([
    'http://huggingface.co/a',
    'http://192.0.2.1/',
    'http://0.0.0.0/',
    'http://128.0.0.1/',
    'http://localhost.example/',
    'http://127.0.0.1.example/',
    'http://example/127.0.0.1',
    'http://127.0.0.1@example/',
    'http://[::2]/',
    'http://[::ffff:192.0.2.1]/',
    'ftp://localhost/',
    'file:///etc/passwd',
    'data:,a',
    'ws://localhost/',
  ])('refuses %s', (url) => {
    const isAllowed = isAllowedUrl(new URL(url));

    expect(isAllowed).toBe(false);
  });
});
