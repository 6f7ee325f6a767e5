import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LlcudaError } from '../../src/errors/llcuda-error.ts';
import { parseModelReference, type ModelReference } from '../../src/model/model-reference.ts';

const sha256 = 'ab'.repeat(32);

describe('parseModelReference', () => {
  it.each<[string, ModelReference]>([
    ['smollm2-135m', { kind: 'name', name: 'smollm2-135m' }],
    ['  gemma-3-1b-Q4_K_M ', { kind: 'name', name: 'gemma-3-1b-Q4_K_M' }],
    ['qwen2.5:latest', { kind: 'name', name: 'qwen2.5:latest' }],
    ['model.gguf', { kind: 'path', path: 'model.gguf' }],
    ['MODEL.GGUF', { kind: 'path', path: 'MODEL.GGUF' }],
    ['./a b.gguf', { kind: 'path', path: './a b.gguf' }],
    ['/models/blob', { kind: 'path', path: '/models/blob' }],
    ['../a/model.gguf', { kind: 'path', path: '../a/model.gguf' }],
    ['C:\\models\\a.gguf', { kind: 'path', path: 'C:\\models\\a.gguf' }],
    ['C:/models/a.gguf', { kind: 'path', path: 'C:/models/a.gguf' }],
    ['./a:b.gguf', { kind: 'path', path: './a:b.gguf' }],
    ['../a:b.gguf', { kind: 'path', path: '../a:b.gguf' }],
    ['owner/repo:../a.gguf', { kind: 'path', path: 'owner/repo:../a.gguf' }],
    [
      'hf:owner/repo-GGUF:a.Q4_1.gguf',
      { kind: 'hub', repository: 'owner/repo-GGUF', file: 'a.Q4_1.gguf' },
    ],
    ['HF:owner/repo:a.gguf', { kind: 'hub', repository: 'owner/repo', file: 'a.gguf' }],
    ['owner/repo:b/c d.gguf', { kind: 'hub', repository: 'owner/repo', file: 'b/c d.gguf' }],
    [
      'https://host/a.gguf?download=true',
      { kind: 'url', url: 'https://host/a.gguf?download=true', sha256: undefined },
    ],
    [
      `http://localhost:80/a.gguf#sha256=${sha256.toUpperCase()}`,
      { kind: 'url', url: 'http://localhost/a.gguf', sha256 },
    ],
  ])('reads %j', (text, expected) => {
    const reference = parseModelReference(text);

    expect(reference).toEqual(expected);
  });

  it.each([
    '',
    '   ',
    '-rf',
    'two words',
    'hf:',
    'hf:owner/repo',
    'hf:owner/repo:a.bin',
    'hf:owner/repo:../a.gguf',
    'hf:owner/repo:a/../../b.gguf',
    'hf:owner/repo:/a.gguf',
    'hf:../..:a.gguf',
    'hf:owner/..:a.gguf',
    'hf:./repo:a.gguf',
    'https://host/a.bin',
  ])('refuses %j', (text) => {
    expect(() => parseModelReference(text)).toThrow(
      expect.objectContaining({
        code: 'MODEL_REFERENCE_INVALID',
        detail: { reference: text.trim(), reason: expect.any(String) as unknown },
      }),
    );
  });

  it.each([
    { text: 'https://', shown: '(a URL)' },
    { text: 'https://host/a.gguf#main', shown: 'https://host/a.gguf' },
    { text: 'https://host/a.gguf#sha256=12', shown: 'https://host/a.gguf' },
    { text: 'https://host/a.bin?signature=s3cret', shown: 'https://host/a.bin' },
    { text: 'https://user:s3cret@host/a.gguf', shown: 'https://host/a.gguf' },
    { text: 'http://host/a.gguf', shown: 'http://host/a.gguf' },
  ])('refuses the URL $text and shows no secret of it', ({ text, shown }) => {
    expect(() => parseModelReference(text)).toThrow(
      expect.objectContaining({
        code: 'MODEL_REFERENCE_INVALID',
        message: expect.not.stringContaining('s3cret') as unknown,
        detail: { reference: shown, reason: expect.any(String) as unknown },
      }),
    );
  });

  it('throws MODEL_REFERENCE_INVALID or nothing, and no hub reference leaves its folder', () => {
    const part = fc.constantFrom(
      'hf:',
      'a',
      '../..:',
      'a/b:',
      '..',
      '.',
      '/',
      ':',
      '\\',
      '.gguf',
      'https://',
      '#',
      ' ',
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(part, { maxLength: 10 }).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(text, (written) => {
        let reference: ModelReference | undefined;
        try {
          reference = parseModelReference(written);
        } catch (error) {
          expect(LlcudaError.is(error, 'MODEL_REFERENCE_INVALID')).toBe(true);
        }

        if (reference?.kind !== 'hub') return;
        const segments = `${reference.repository}/${reference.file}`.split('/');
        for (const segment of segments) expect(['', '.', '..']).not.toContain(segment);
      }),
      { numRuns: 2000 },
    );
  });
});
