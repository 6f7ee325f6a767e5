import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto';
import { LlcudaError } from '../../errors/llcuda-error.ts';

/** A public key as configurations have it: `ed25519:` and its 32 bytes in base64. */
const PUBLIC_KEY = /^ed25519:([A-Za-z0-9+/]{43}=)$/;
const SIGNATURE = /^ed25519:([A-Za-z0-9+/]{86}==)\s*$/;
/** What comes before the 32 bytes of a key in DER: RFC 8410. */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

export interface KeyPair {
  /** PEM, PKCS #8. */
  readonly privateKey: string;
  readonly publicKey: string;
}

/** Makes a new pair of Ed25519 keys. */
export function createKeyPair(): KeyPair {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicKey: formatPublicKey(publicKey),
  };
}

/** The public key of a private one in PEM. Throws `KEY_INVALID`. */
export function derivePublicKey(privateKey: string): string {
  return formatPublicKey(createPublicKey(readPrivateKey(privateKey)));
}

/** Signs bytes and gives the text of the signature file. Throws `KEY_INVALID`. */
export function signBytes(bytes: Uint8Array, privateKey: string): string {
  const signature = sign(null, bytes, readPrivateKey(privateKey));
  return `ed25519:${signature.toString('base64')}\n`;
}

/** Whether the text of a signature file is that of these bytes by this key. Throws `KEY_INVALID` for the key alone. */
export function isSignedBy(bytes: Uint8Array, signature: string, publicKey: string): boolean {
  const key = readPublicKey(publicKey);
  const match = SIGNATURE.exec(signature);
  return match?.[1] !== undefined && verify(null, bytes, key, Buffer.from(match[1], 'base64'));
}

/** Whether a text is a public key in the form of configurations. */
export function isPublicKey(text: string): boolean {
  return PUBLIC_KEY.test(text);
}

function formatPublicKey(key: KeyObject): string {
  const der = key.export({ type: 'spki', format: 'der' });
  return `ed25519:${der.subarray(SPKI_PREFIX.length).toString('base64')}`;
}

function readPublicKey(text: string): KeyObject {
  const match = PUBLIC_KEY.exec(text.trim());
  if (match?.[1] === undefined) throw invalidKey('a public key begins with ed25519:');
  const der = Buffer.concat([SPKI_PREFIX, Buffer.from(match[1], 'base64')]);
  return createPublicKey({ key: der, format: 'der', type: 'spki' });
}

function readPrivateKey(pem: string): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch (error) {
    throw invalidKey('the private key is no PEM file that can be read', error);
  }
  if (key.asymmetricKeyType === 'ed25519') return key;
  throw invalidKey(`the private key is of the kind ${key.asymmetricKeyType ?? 'unknown'}`);
}

function invalidKey(reason: string, cause?: unknown): LlcudaError<'KEY_INVALID'> {
  return new LlcudaError('KEY_INVALID', `A key cannot be used: ${reason}`, {
    detail: { reason },
    hint: 'Make a pair of keys with `llcuda index keygen KEYFILE`.',
    cause,
  });
}
