import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

export const issuer = 'https://issuer.example/tenant';
export const audience = 'bedrock-proxy';
/** The start of the run, in seconds since the epoch. The times in the tokens are relative to it. */
export const seconds = Math.floor(Date.now() / 1_000);

export const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ed = generateKeyPairSync('ed25519');
const pss = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const attacker = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const attackerEc = generateKeyPairSync('ec', { namedCurve: 'P-256' });
export const weak = generateKeyPairSync('rsa', { modulusLength: 1024 });
export const retired = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const rsaPem = rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString();

const jwk = (key: KeyObject, more: object) => ({ ...key.export({ format: 'jwk' }), ...more });
export const keySet = [
  jwk(rsa.publicKey, { kid: 'rsa', use: 'sig', alg: 'RS256' }),
  jwk(ec.publicKey, { kid: 'ec', use: 'sig' }),
  jwk(ed.publicKey, { kid: 'ed' }),
  jwk(pss.publicKey, { kid: 'pss', alg: 'PS256' }),
  jwk(weak.publicKey, { kid: 'weak' }),
  jwk(attacker.publicKey, { kid: 'encryption', use: 'enc' }),
  { kty: 'oct', kid: 'oct', k: Buffer.from('a-symmetric-key-in-the-set-32-bytes').toString('base64url') },
];

export const claims = { iss: issuer, aud: audience, sub: 'alice', exp: seconds + 600, iat: seconds - 10 };
export const encode = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

export type Signer = (input: string) => Buffer;
export const rs256 =
  (key: KeyObject, hash = 'sha256'): Signer =>
  (input) =>
    sign(hash, Buffer.from(input), key);
export const es256 =
  (key: KeyObject): Signer =>
  (input) =>
    sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' });
export const ps256 =
  (key: KeyObject): Signer =>
  (input) =>
    sign('sha256', Buffer.from(input), { key, padding: 6, saltLength: 32 });
export const hmac =
  (secret: string | Buffer, hash = 'sha256'): Signer =>
  (input) =>
    createHmac(hash, secret).update(input).digest();

/** A compact JWS of any header and payload, valid or not. */
export function token(header: unknown, payload: unknown, signer: Signer): string {
  const input = `${encode(header)}.${encode(payload)}`;
  return `${input}.${signer(input).toString('base64url')}`;
}

export const own = { alg: 'RS256', kid: 'rsa', typ: 'JWT' };
export const ownSigner = rs256(rsa.privateKey);
export const valid = (more: object = {}, header: object = own, signer = ownSigner) =>
  token(header, { ...claims, ...more }, signer);
export const without = (claim: keyof typeof claims) =>
  token(own, Object.fromEntries(Object.entries(claims).filter(([name]) => name !== claim)), ownSigner);
