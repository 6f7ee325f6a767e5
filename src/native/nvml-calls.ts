import type { LibraryHandle } from 'koffi';
import { declareCall, readCText, type NativeCall } from './native-library.ts';

export const NVML_SUCCESS = 0;

/** The forms that NVML's questions about a device have. Each gives `undefined` when NVML has no answer. */
export interface NvmlCalls {
  text(name: string, device: bigint): string | undefined;
  uint(name: string, device: bigint): number | undefined;
  flag(name: string, device: bigint): boolean | undefined;
  /** Of a kind: a clock or a sensor. */
  uintOf(name: string, device: bigint, kind: number): number | undefined;
  /** Two 32-bit numbers behind one pointer each, with the status. */
  pair(
    name: string,
    device: bigint,
  ): { readonly status: number | undefined; readonly values: readonly [number, number] };
  /** A structure of this size. */
  bytes(name: string, device: bigint, sizeBytes: number): Buffer | undefined;
  declare(names: string | readonly string[], args: Parameters<typeof declareCall>[2]): NativeCall;
}

export function createNvmlCalls(library: LibraryHandle): NvmlCalls {
  const declared = new Map<string, NativeCall>();
  const declare: NvmlCalls['declare'] = (names, args) => {
    const key = String(names);
    const call = declared.get(key) ?? declareCall(library, names, args);
    declared.set(key, call);
    return call;
  };
  const bytes: NvmlCalls['bytes'] = (name, device, sizeBytes) => {
    const out = Buffer.alloc(sizeBytes);
    return declare(name, ['pointer', 'pointer'])(device, out) === NVML_SUCCESS ? out : undefined;
  };
  const uint: NvmlCalls['uint'] = (name, device) => bytes(name, device, 4)?.readUInt32LE();
  return {
    declare,
    bytes,
    uint,
    flag: (name, device) => {
      const value = uint(name, device);
      return value === undefined ? undefined : value === 1;
    },
    text: (name, device) => {
      const out = Buffer.alloc(96);
      const status = declare(name, ['pointer', 'pointer', 'uint'])(device, out, out.length);
      return status === NVML_SUCCESS ? readCText(out) : undefined;
    },
    uintOf: (name, device, kind) => {
      const out = Buffer.alloc(4);
      const status = declare(name, ['pointer', 'int', 'pointer'])(device, kind, out);
      return status === NVML_SUCCESS ? out.readUInt32LE() : undefined;
    },
    pair: (name, device) => {
      const [left, right] = [Buffer.alloc(4), Buffer.alloc(4)];
      const status = declare(name, ['pointer', 'pointer', 'pointer'])(device, left, right);
      return { status, values: [left.readUInt32LE(), right.readUInt32LE()] };
    },
  };
}
