import { describe, expect, it } from 'vitest';
import { asFileError } from '../../src/files/as-file-error.ts';

function fileError(code: string): Error {
  return Object.assign(new Error(`${code}: it failed`), { code });
}

describe('asFileError', () => {
  it.each(['ENOSPC', 'EDQUOT'])('names %s a full disk', (code) => {
    const cause = fileError(code);

    const error = asFileError(cause, '/store/file');

    expect(error).toMatchObject({ code: 'DISK_FULL', detail: { path: '/store/file' }, cause });
  });

  it.each([
    'EACCES',
    'EPERM',
    'EROFS',
    'ENOENT',
    'ENOTDIR',
    'EISDIR',
    'EEXIST',
    'ELOOP',
    'ENAMETOOLONG',
  ])('names %s a store that cannot be written', (code) => {
    const cause = fileError(code);

    const error = asFileError(cause, '/store/file');

    expect(error).toMatchObject({
      code: 'STORE_NOT_WRITABLE',
      detail: { path: '/store/file', reason: code },
      cause,
    });
  });

  it.each([
    ['an unknown code', fileError('EIO')],
    ['an error without a code', new Error('it failed')],
    ['a text', 'it failed'],
    ['nothing', undefined],
    ['an object that looks like an error', { code: 'ENOSPC' }],
  ])('gives %s back as it is', (_what, thrown) => {
    const error = asFileError(thrown, '/store/file');

    expect(error).toBe(thrown);
  });
});
