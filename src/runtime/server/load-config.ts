import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import * as v from 'valibot';
import { LlcudaError } from '../../errors/llcuda-error.ts';
import type { Host } from '../../host/host.ts';
import { isAllowedUrl } from '../../net/is-allowed-url.ts';
import { isRemoteLocation, type IndexSource } from '../index/read-index.ts';
import { isPublicKey } from '../index/signing-keys.ts';
import { parseVersioned } from '../parse-versioned.ts';
import { resolveStore } from '../store.ts';

const CONFIG_SCHEMA_VERSION = 1;

const configSchema = v.object({
  schemaVersion: v.literal(1),
  indexes: v.optional(
    v.array(
      v.object({
        location: v.pipe(v.string(), v.check(isUsableLocation, 'must be https, or a folder')),
        publicKey: v.pipe(v.string(), v.check(isPublicKey, 'must be like ed25519:...')),
      }),
    ),
    [],
  ),
});

/** What a user configured. */
export interface Config {
  /** In the order in which they are asked. */
  readonly indexes: readonly IndexSource[];
}

/**
 * Reads the configuration: `LLCUDA_CONFIG`, else `config.json` in the store; empty where there is none. Relative folders in
 * it are those beside it. Throws `CONFIG_INVALID` or `SCHEMA_TOO_NEW`.
 */
export async function loadConfig(host: Host): Promise<Config> {
  const own = host.env['LLCUDA_CONFIG'];
  const path = own
    ? resolve(host.workingDirectory, own)
    : join(resolveStore(host).root, 'config.json');
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) {
    if (own) throw invalidConfig(path, 'LLCUDA_CONFIG names it, and it cannot be read');
    return { indexes: [] };
  }
  const { indexes } = parseVersioned(text, {
    schema: configSchema,
    known: CONFIG_SCHEMA_VERSION,
    source: path,
    invalid: (reason) => invalidConfig(path, reason),
  });
  return {
    indexes: indexes.map(({ location, publicKey }) => ({
      publicKey,
      location: isRemoteLocation(location) ? location : resolve(dirname(path), location),
    })),
  };
}

function isUsableLocation(location: string): boolean {
  if (!/^[a-z]+:\/\//i.test(location)) return location !== '';
  return URL.canParse(location) && isAllowedUrl(new URL(location));
}

function invalidConfig(path: string, reason: string): LlcudaError {
  return new LlcudaError('CONFIG_INVALID', `The configuration ${path} cannot be used: ${reason}`, {
    detail: { path, reason },
    hint: 'Write { "schemaVersion": 1, "indexes": [{ "location": "https://...", "publicKey": "ed25519:..." }] }.',
  });
}
