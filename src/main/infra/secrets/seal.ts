import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const cipher = 'aes-256-gcm';
const nonceLength = 12;
const tagLength = 16;
/** Bytes of a key. */
export const keyLength = 32;

/** Nonce, tag, ciphertext. The name is authenticated, so that a row moved to another name does not open. */
export function seal(key: Uint8Array, name: string, text: string): Uint8Array {
  const nonce = randomBytes(nonceLength);
  const encrypt = createCipheriv(cipher, key, nonce).setAAD(Buffer.from(name));
  const body = Buffer.concat([encrypt.update(text, 'utf8'), encrypt.final()]);
  return Buffer.concat([nonce, encrypt.getAuthTag(), body]);
}

/** Null when it was sealed with another key or under another name, or was changed. */
export function unseal(key: Uint8Array, name: string, sealed: Uint8Array): string | null {
  if (sealed.length < nonceLength + tagLength) return null;
  const nonce = sealed.subarray(0, nonceLength);
  const decrypt = createDecipheriv(cipher, key, nonce, { authTagLength: tagLength })
    .setAAD(Buffer.from(name))
    .setAuthTag(sealed.subarray(nonceLength, nonceLength + tagLength));
  try {
    const body = sealed.subarray(nonceLength + tagLength);
    return Buffer.concat([decrypt.update(body), decrypt.final()]).toString('utf8');
  } catch {
    return null;
  }
}
