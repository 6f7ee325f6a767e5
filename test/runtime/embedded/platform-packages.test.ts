import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { createDataHost } from '../../../src/host/create-data-host.ts';
import {
  choosePlatformPackage,
  createEmbeddedManifest,
} from '../../../src/runtime/embedded/platform-packages.ts';

const glibc = { '/lib64/ld-linux-x86-64.so.2': '' };
const musl = { '/lib/ld-musl-x86_64.so.1': '', '/etc/alpine-release': '3.22' };

describe('choosePlatformPackage', () => {
  it.each([
    { platform: 'linux', arch: 'x64', files: glibc, package: '@node-llama-cpp/linux-x64' },
    { platform: 'linux', arch: 'arm64', files: glibc, package: '@node-llama-cpp/linux-arm64' },
    { platform: 'darwin', arch: 'arm64', files: {}, package: '@node-llama-cpp/mac-arm64-metal' },
    { platform: 'darwin', arch: 'x64', files: {}, package: '@node-llama-cpp/mac-x64' },
    { platform: 'win32', arch: 'x64', files: {}, package: '@node-llama-cpp/win-x64' },
    { platform: 'win32', arch: 'arm64', files: {}, package: '@node-llama-cpp/win-arm64' },
  ] as const)(
    'takes $package on $platform $arch',
    async ({ platform, arch, files, package: name }) => {
      const host = createDataHost({ platform, arch, files });

      await expect(choosePlatformPackage(host)).resolves.toMatchObject({ package: name });
    },
  );

  it.each([
    { platform: 'linux', arch: 'x64', files: musl, libc: 'musl' },
    { platform: 'linux', arch: 'riscv64', files: {}, libc: undefined },
    { platform: 'freebsd', arch: 'x64', files: {}, libc: undefined },
  ] as const)('has nothing for $platform $arch $libc', async ({ platform, arch, files, libc }) => {
    const host = createDataHost({ platform, arch, files });

    await expect(choosePlatformPackage(host)).rejects.toMatchObject({
      code: 'RUNTIME_UNSUPPORTED',
      detail: { platform, arch, ...(libc && { libc }) },
    });
  });
});

describe('createEmbeddedManifest', () => {
  it('pins every package of every platform by its integrity hash and names no registry', async () => {
    const { platforms } = JSON.parse(
      await readFile(
        new URL('../../../data/embedded-runtime/platforms.json', import.meta.url),
        'utf8',
      ),
    );
    for (const platform of platforms) {
      const manifest = await createEmbeddedManifest(platform);
      const { packages, ...lock } = JSON.parse(manifest.packageLock);
      const { '': root, ...rest } = packages;

      expect(lock.lockfileVersion).toBe(3);
      expect(root.dependencies).toEqual(JSON.parse(manifest.packageJson).dependencies);
      expect(root.dependencies[platform.package]).toBe(platform.version);
      expect(rest[`node_modules/${platform.package}`].integrity).toBe(platform.integrity);
      for (const [path, entry] of Object.entries<Record<string, unknown>>(rest)) {
        expect(entry, path).toMatchObject({ integrity: expect.stringMatching(/^sha512-/) });
        expect(entry, path).not.toHaveProperty('resolved');
      }
    }
  });
});
