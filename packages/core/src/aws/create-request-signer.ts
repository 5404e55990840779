import { hash } from 'node:crypto';
import { CredentialsProviderError } from '@smithy/core/config';
import { extendedEncodeURIComponent } from '@smithy/core/protocols';
import type { ResponseHeaders } from './create-http-transport.js';

/** A request that is sent as soon as it is signed. */
export interface UnsignedRequest {
  /** Percent-encoded, without a query. */
  readonly path: string;
  /** By lower-case name. `host` is one of them. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | string;
}

/** What a signature is made with. */
export interface SigningKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

export interface SignedRequest {
  /** All headers of the request. */
  readonly headers: Readonly<Record<string, string>>;
  /**
   * Corrects the clock of the signer by the answer to this request. Returns whether the request was signed for a time so far off that
   * another signature may help.
   *
   * @param time what the answer calls the time, such as its `date`
   * @param answered the headers of the answer: what a cache answers does not tell the time
   */
  correctClock(time: unknown, answered: ResponseHeaders): boolean;
}

/** Signs a POST request for this moment. Throws a `CredentialsProviderError` if a key is missing. */
export type SignRequest = (request: UnsignedRequest, keys: SigningKeys) => SignedRequest;

/** Milliseconds. The date of an answer that took longer is not the time any more. */
const longestAnswer = 900_000;
/** Milliseconds. AWS accepts a signature that is five minutes off, and one minute is left for the way. */
const tolerance = 240_000;

const algorithm = 'AWS4-HMAC-SHA256';

/** Headers that a proxy on the way may change, and the trace, which AWS leaves out of every signature. */
const unsigned =
  /^(?:authorization|cache-control|connection|expect|from|keep-alive|max-forwards|pragma|referer|te|trailer|transfer-encoding|upgrade|user-agent|x-amzn-trace-id|(?:proxy|sec)-.*)$/;

/**
 * A signer of requests to a service, by AWS Signature Version 4. The signature equals that of `@smithy/signature-v4`, which a property
 * test holds it against. It is made without a promise, and the key of a day is derived once: most of a signature's cost in the SDK is
 * the machinery around its four digests. Its clock follows that of the service by the rules of the SDK, because no signature of a machine
 * with a wrong clock is accepted; `isClockFixed` keeps the clock of the machine. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function createRequestSigner(service: string, region: string, { isClockFixed = false } = {}): SignRequest {
  let offset = 0;
  let derived: { readonly day: string; readonly secret: string; readonly key: HmacKey } | undefined;

  const timeOf = rememberLast(timeOfSecond);
  const orderOf = rememberLast(signedOrder);
  const pathOf = rememberLast(canonicalPath);
  function keyOf(secret: string, day: string): HmacKey {
    if (derived?.day !== day || derived.secret !== secret) {
      const parts = [day, region, service, 'aws4_request'];
      const key = parts.reduce<Uint8Array>((last, part) => hmac(hmacKey(last), part), Buffer.from(`AWS4${secret}`));
      derived = { day, secret, key: hmacKey(key) };
    }
    return derived.key;
  }

  return ({ path, headers, body }, { accessKeyId, secretAccessKey, sessionToken }) => {
    // A provider of one's own may return anything.
    if (!accessKeyId || !secretAccessKey) {
      throw new CredentialsProviderError('The AWS credentials lack the id of the access key or its secret.', false);
    }
    const signedAt = Date.now();
    const signedOffset = offset;
    const time = timeOf(Math.floor((signedAt + signedOffset) / 1_000));
    const day = time.slice(0, 8);
    const scope = `${day}/${region}/${service}/aws4_request`;
    const bodyHash = hash('sha256', body);
    const all: Record<string, string> = {
      ...headers,
      'x-amz-date': time,
      ...(sessionToken && { 'x-amz-security-token': sessionToken }),
      'x-amz-content-sha256': bodyHash,
    };
    const { names, signedNames } = orderOf(Object.keys(all).join('\n'));
    let lines = '';
    for (const name of names) lines += `${name}:${canonicalValue(all[name] ?? '')}\n`;
    const canonical = `POST\n${pathOf(path)}\n\n${lines}\n${signedNames}\n${bodyHash}`;
    const toSign = `${algorithm}\n${time}\n${scope}\n${hash('sha256', canonical)}`;
    const signature = hmac(keyOf(secretAccessKey, day), toSign).toString('hex');
    all['authorization'] =
      `${algorithm} Credential=${accessKeyId}/${scope}, SignedHeaders=${signedNames}, Signature=${signature}`;
    return {
      headers: all,
      correctClock(told, answered) {
        if (isClockFixed || typeof told !== 'string' || told === '') return false;
        const serverTime = Date.parse(told);
        const received = Date.now();
        const tells = answered['age'] === undefined && !Number.isNaN(serverTime);
        if (tells && received - signedAt <= longestAnswer) offset = serverTime - received;
        return Math.abs(offset) >= tolerance && offset !== signedOffset;
      },
    };
  };
}

/** The same function, which remembers its last result: most requests are like the one before. */
function rememberLast<Argument, Result>(make: (argument: Argument) => Result): (argument: Argument) => Result {
  let last: { readonly argument: Argument; readonly result: Result } | undefined;
  return (argument) => {
    if (last?.argument !== argument) last = { argument, result: make(argument) };
    return last.result;
  };
}

/** A second since 1970, as `20261126T154500Z`. */
function timeOfSecond(second: number): string {
  return new Date(second * 1_000).toISOString().replace(/[-:]|\.\d{3}/g, '');
}

/** Those of the names, one a line, that are signed, in their order. */
function signedOrder(lines: string): { readonly names: readonly string[]; readonly signedNames: string } {
  const names = lines
    .split('\n')
    .filter((name) => !unsigned.test(name))
    .sort();
  return { names, signedNames: names.join(';') };
}

/** A path as every service but S3 wants it: without empty and dot segments, and encoded once more. */
function canonicalPath(path: string): string {
  const kept: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') kept.pop();
    else if (segment !== '' && segment !== '.') kept.push(extendedEncodeURIComponent(segment));
  }
  return `/${kept.join('/')}${kept.length > 0 && path.endsWith('/') ? '/' : ''}`;
}

function canonicalValue(value: string): string {
  if (!/[\t\r\n]|^ | {2}| $/.test(value)) return value;
  return value
    .replace(/[\r\n]/g, ' ')
    .replace(/[ \t]+/g, ' ')
    .replace(/^ | $/g, '');
}

/** The first block of each of the two digests of an HMAC. */
interface HmacKey {
  readonly inner: Uint8Array;
  readonly outer: Uint8Array;
}

const blockBytes = 64;
const digestBytes = 32;

function hmacKey(secret: Uint8Array): HmacKey {
  const key = secret.length > blockBytes ? hash('sha256', secret, 'buffer') : secret;
  const padded = (pad: number) => Buffer.alloc(blockBytes, pad).map((byte, index) => byte ^ (key[index] ?? 0));
  return { inner: padded(0x36), outer: padded(0x5c) };
}

/** HMAC-SHA-256 (RFC 2104) of a text. Node's own HMAC creates a key object for each, which costs more than the two digests. */
function hmac({ inner, outer }: HmacKey, text: string): Buffer {
  const first = Buffer.allocUnsafe(blockBytes + Buffer.byteLength(text));
  first.set(inner);
  first.write(text, blockBytes);
  const second = Buffer.allocUnsafe(blockBytes + digestBytes);
  second.set(outer);
  second.set(hash('sha256', first, 'buffer'), blockBytes);
  return hash('sha256', second, 'buffer');
}
