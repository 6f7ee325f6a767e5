import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDataHost } from '../../src/host/create-data-host.ts';
import { hubToken, hubUrl } from '../../src/model/hub-url.ts';

describe('hubUrl', () => {
  it.each([
    [undefined, 'https://huggingface.co/a/b/resolve/main/c.gguf'],
    ['', 'https://huggingface.co/a/b/resolve/main/c.gguf'],
    ['https://mirror.example', 'https://mirror.example/a/b/resolve/main/c.gguf'],
    ['https://mirror.example/', 'https://mirror.example/a/b/resolve/main/c.gguf'],
    ['https://mirror.example/hf//', 'https://mirror.example/hf/a/b/resolve/main/c.gguf'],
  ])('with HF_ENDPOINT=%j', (endpoint, expected) => {
    const host = createDataHost({ env: { HF_ENDPOINT: endpoint } });

    const url = hubUrl(host, 'a/b', 'main', 'c.gguf');

    expect(url).toBe(expected);
  });

  it.each([
    ['a folder', 'main', 'q4/c.gguf', 'main/q4/c.gguf'],
    ['a space', 'main', 'c d.gguf', 'main/c%20d.gguf'],
    ['a question mark and a hash', 'main', 'c?d#e.gguf', 'main/c%3Fd%23e.gguf'],
    ['a percent sign', 'main', 'c%2e.gguf', 'main/c%252e.gguf'],
    ['a revision with a slash', 'refs/pr/1', 'c.gguf', 'refs%2Fpr%2F1/c.gguf'],
  ])('escapes %s', (_what, revision, file, expected) => {
    const url = hubUrl(createDataHost(), 'a/b', revision, file);

    expect(url).toBe(`https://huggingface.co/a/b/resolve/${expected}`);
  });

  it('keeps every name a name: it comes back from the path of the URL', () => {
    const segment = fc.string({ minLength: 1 }).filter((text) => !/^\.{1,2}$|\//.test(text));
    fc.assert(
      fc.property(fc.array(segment, { minLength: 1, maxLength: 3 }), (segments) => {
        const url = new URL(hubUrl(createDataHost(), 'a/b', 'main', segments.join('/')));

        const path = url.pathname.split('/').slice(5).map(decodeURIComponent);
        expect(path).toEqual(segments);
        expect([url.search, url.hash]).toEqual(['', '']);
      }),
    );
  });
});

describe('hubToken', () => {
  it.each([
    ['hf_abc', 'hf_abc'],
    ['', undefined],
    [undefined, undefined],
  ])('with HF_TOKEN=%j', (value, expected) => {
    const token = hubToken(createDataHost({ env: { HF_TOKEN: value } }));

    expect(token).toBe(expected);
  });
});
