import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { LlcudaError } from '../../errors/llcuda-error.ts';
import type { Host } from '../../host/host.ts';
import type { IndexCheck } from '../../runtime/index/check-index.ts';

export type IndexAction = 'add' | 'remove' | 'sign' | 'check' | 'keygen';

export interface IndexFlags {
  readonly key: string | undefined;
  readonly validDays: number | undefined;
  readonly publicKey: string | undefined;
  readonly require: readonly string[] | undefined;
  readonly matrix: boolean | undefined;
  readonly arch: 'x64' | 'arm64' | undefined;
}

export interface IndexActionInput {
  /** The folder, or the file of a new key. */
  readonly path: string;
  readonly files: readonly string[];
  readonly flags: IndexFlags;
  readonly host: Host;
  readonly signal: AbortSignal;
}

/** What one of the actions gives. */
export type IndexResult = { readonly isFailed: boolean } & (
  | {
      readonly action: 'add' | 'remove';
      readonly document: { readonly names: readonly string[]; readonly bundles: number };
    }
  | {
      readonly action: 'sign';
      readonly document: { readonly expiresAt: string; readonly publicKey: string };
    }
  | {
      readonly action: 'keygen';
      readonly document: { readonly path: string; readonly publicKey: string };
    }
  | {
      readonly action: 'check';
      readonly document: Omit<IndexCheck, 'bundles'> & { readonly bundles: readonly string[] };
      readonly showsMatrix: boolean;
    }
);

const DEFAULT_VALID_DAYS = 90;

/** Does one thing with the index of a folder. Imports only what that needs. */
export async function runIndexAction(
  action: IndexAction,
  { path: text, files, flags, host, signal }: IndexActionInput,
): Promise<IndexResult> {
  const path = resolve(host.workingDirectory, text);
  switch (action) {
    case 'add':
    case 'remove': {
      if (files.length === 0)
        throw usage(`index ${action} needs the ${action === 'add' ? 'archives' : 'names'}`);
      const { addToIndex, removeFromIndex } = await import('../../runtime/index/edit-index.ts');
      const archives = files.map((file) => resolve(host.workingDirectory, file));
      const { names, index } =
        action === 'add'
          ? await addToIndex(path, archives, { signal })
          : await removeFromIndex(path, files, { signal });
      const document = { names, bundles: index.bundles.length };
      return { action, document, isFailed: false };
    }
    case 'sign': {
      const { signIndex } = await import('../../runtime/index/sign-index.ts');
      if (flags.key === undefined) throw usage('index sign needs --key FILE');
      const keyPath = resolve(host.workingDirectory, flags.key);
      const validDays = flags.validDays ?? DEFAULT_VALID_DAYS;
      return {
        action,
        document: await signIndex(path, { keyPath, validDays, signal }),
        isFailed: false,
      };
    }
    case 'keygen':
      return { action, document: await writeKey(path), isFailed: false };
    case 'check':
      return check(path, flags, signal);
    default:
      return action satisfies never;
  }
}

async function check(path: string, flags: IndexFlags, signal: AbortSignal): Promise<IndexResult> {
  const { checkIndex } = await import('../../runtime/index/check-index.ts');
  const { publicKey, require: required, arch } = flags;
  const checked = await checkIndex(path, { publicKey, required, arch, signal });
  const hasHole = checked.required.some(({ outcome }) => outcome === 'none');
  return {
    action: 'check',
    document: { ...checked, bundles: checked.bundles.map(({ name }) => name) },
    showsMatrix: flags.matrix === true,
    isFailed: hasHole || checked.problems.length > 0,
  };
}

/** Never over a key that is there: whoever trusts it would be lost. */
async function writeKey(path: string): Promise<{ path: string; publicKey: string }> {
  const { createKeyPair } = await import('../../runtime/index/signing-keys.ts');
  const { privateKey, publicKey } = createKeyPair();
  try {
    await using file = await open(path, 'wx', 0o600);
    await file.writeFile(privateKey);
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new LlcudaError('OUTPUT_NOT_WRITABLE', `Cannot write the key to ${path} (${reason})`, {
      detail: { path, reason },
      hint: 'Name a file that does not exist yet: keys are never overwritten.',
      cause: error,
    });
  }
  return { path, publicKey };
}

function usage(message: string): LlcudaError {
  return new LlcudaError('USAGE_INVALID', message, {
    detail: {},
    hint: 'Run `llcuda help index`.',
  });
}
