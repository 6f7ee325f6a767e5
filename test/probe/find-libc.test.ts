import { describe, expect, it } from 'vitest';
import { createDataHost } from '../../src/host/create-data-host.ts';
import { findLibc } from '../../src/probe/find-libc.ts';

describe('findLibc', () => {
  it.each([
    ['Debian on x64', ['/lib64/ld-linux-x86-64.so.2'], 'glibc'],
    ['Debian on arm64', ['/lib/ld-linux-aarch64.so.1'], 'glibc'],
    ['Fedora', ['/usr/lib64/ld-linux-x86-64.so.2'], 'glibc'],
    [
      'Debian with its musl package',
      ['/lib64/ld-linux-x86-64.so.2', '/lib/ld-musl-x86_64.so.1'],
      'glibc',
    ],
    ['Alpine', ['/lib/ld-musl-x86_64.so.1', '/etc/alpine-release'], 'musl'],
    ['Alpine on arm64', ['/lib/ld-musl-aarch64.so.1', '/etc/alpine-release'], 'musl'],
    [
      'Alpine with gcompat',
      ['/lib/ld-musl-x86_64.so.1', '/lib64/ld-linux-x86-64.so.2', '/etc/alpine-release'],
      'musl',
    ],
    ['another system with musl', ['/lib/ld-musl-x86_64.so.1'], 'musl'],
    ['a system without a known loader', ['/lib/libfoo.so'], undefined],
  ])('on %s', async (_what, paths, expected) => {
    const host = createDataHost({ files: Object.fromEntries(paths.map((path) => [path, ''])) });

    const libc = await findLibc(host);

    expect(libc).toBe(expected);
  });

  it.each(['darwin', 'win32'] as const)('finds none on %s', async (platform) => {
    const host = createDataHost({ platform, files: { '/lib/ld-musl-x86_64.so.1': '' } });

    const libc = await findLibc(host);

    expect(libc).toBeUndefined();
  });
});
