import { buildElf } from '../fixtures/build-elf.ts';
import { buildFatbin } from '../fixtures/build-fatbin.ts';

export interface LibraryOptions {
  /** Fatbins, each with SASS for sm_75 and PTX 9.1 for compute_75. @defaultValue 3 */
  readonly fatbinCount?: number;
  /** Of each image. @defaultValue 1000 */
  readonly payloadBytes?: number;
}

/** A shared library as nvcc makes them: GPU code in `.nv_fatbin`, and a dynamic section. */
export function libraryBytes(options: LibraryOptions = {}): Uint8Array {
  const { fatbinCount = 3, payloadBytes = 1000 } = options;
  const payload = new Uint8Array(payloadBytes);
  for (let index = 0; index < payload.length; index += 1) payload[index] = (index * 7919) % 251;
  const fatbin = buildFatbin([
    { kind: 2, capability: 75, payload, compression: { flag: 0x2000, decodedBytes: 4000 } },
    { kind: 1, capability: 75, major: 9, minor: 1, payload },
  ]);
  const section = Buffer.concat(Array.from({ length: fatbinCount }, () => fatbin));
  return buildElf({
    type: 3,
    sections: [{ name: '.nv_fatbin', data: section }],
    dynamic: {
      needed: ['libcudart.so.13', 'libc.so.6'],
      versions: { 'libc.so.6': ['GLIBC_2.34'] },
    },
  });
}

/** What `inspectBinary` says of it. */
export const libraryReport = {
  format: 'elf',
  images: [
    { kind: 'sass', target: 'sm_75', compression: 'lz4', count: 3 },
    { kind: 'ptx', target: 'compute_75', ptxIsa: '9.1', compression: 'none', count: 3 },
  ],
  fatbins: 3,
  toolkit: '13.1',
} as const;
