import type { HttpHeaders } from '../dialects/dialect.js';
import { ProxyError } from '../errors/proxy-error.js';

/** One HTTP request as an adapter reads it from its event. */
export interface HttpRequest {
  /** The name of the front for the log, such as `function-url`. */
  readonly front: string;
  readonly requestId: string;
  readonly method: string;
  /** Without stage and base path. */
  readonly path: string;
  /** As sent, without the `?`. */
  readonly query?: string;
  readonly headers: HttpHeaders;
  /** The address that the front itself saw; never one that a header names. */
  readonly sourceIp?: string;
  readonly body?: string | Uint8Array;
  readonly isBase64Encoded?: boolean;
  /** The header of X-Ray for this invocation, such as `Root=1-…;Parent=…;Sampled=1`; never one that the client sent. */
  readonly traceId?: string;
  /**
   * Reads the body of a caller that is admitted, in place of `body`. Reads no further than `maxBytes`, and rejects with `body_too_large`
   * if there is more.
   */
  readBody?(maxBytes: number): Promise<Uint8Array>;
  /** Aborts when the client is seen to leave. A `ProxyError` as its reason ends the answer with that error instead. */
  readonly signal: AbortSignal;
  /** Milliseconds until the invocation, or the gateway in front of it, gives up; absent: never. */
  readonly remainingMs?: number;
}

/** An invocation that the adapter cannot read as a request. It is answered with `error`, and logged. */
export interface UnreadableRequest extends Pick<HttpRequest, 'front' | 'requestId' | 'traceId' | 'signal'> {
  readonly error: unknown;
}

/**
 * The token that a request presents: `Authorization: Bearer`, or `x-api-key` where that is absent or of another scheme; undefined
 * where there is none. Throws `invalid_request` for more than one `Authorization`.
 */
export function readCredential(headers: HttpHeaders): string | undefined {
  const authorizations = headers['authorization'] ?? [];
  const bearer = /^bearer(?:[ \t]+(.*))?$/is.exec(authorizations[0]?.trim() ?? '');
  // A gateway may have joined two headers into one value; no token holds a comma.
  if (authorizations.length > 1 || (bearer && authorizations[0]?.includes(','))) {
    throw new ProxyError('invalid_request', {
      issues: [{ path: 'Authorization', message: 'Send one Authorization header: there is more than one.' }],
    });
  }
  if (bearer) return bearer[1];
  // Two keys are no key, as they are where a gateway has joined them.
  return headers['x-api-key']?.join(',').trim() || undefined;
}

/** A function that reads the bytes of a body. It throws `body_too_large` before it decodes anything, `invalid_json` for broken base64. */
export function bodyReader(request: Pick<HttpRequest, 'body' | 'isBase64Encoded'>, maxBytes: number): () => Uint8Array {
  return () => readBody(request, maxBytes);
}

function readBody(
  { body = '', isBase64Encoded = false }: Pick<HttpRequest, 'body' | 'isBase64Encoded'>,
  maxBytes: number,
): Uint8Array {
  if (isBase64Encoded && typeof body === 'string') {
    const padding = body.endsWith('==') ? 2 : body.endsWith('=') ? 1 : 0;
    assertFits(Math.floor(((body.length - padding) * 3) / 4), maxBytes);
    return decodeBase64(body, padding);
  }
  if (typeof body !== 'string') {
    assertFits(body.length, maxBytes);
    return body;
  }
  assertFits(Buffer.byteLength(body), maxBytes);
  return Buffer.from(body);
}

/** Throws `body_too_large` for a body of so many bytes. */
export function assertFits(bytes: number, maxBytes: number): void {
  if (bytes <= maxBytes) return;
  throw new ProxyError('body_too_large', { message: `The body is over ${maxBytes} bytes. Send less.` });
}

function decodeBase64(body: string, padding: number): Uint8Array {
  const digits = body.slice(0, body.length - padding);
  // `Buffer.from` would pass over what is no digit.
  if (/[^A-Za-z0-9+/]/.test(digits) || digits.length % 4 === 1 || (padding > 0 && body.length % 4 !== 0)) {
    throw new ProxyError('invalid_json', { message: 'The body is marked as base64 and is none. Send it as it is.' });
  }
  return Buffer.from(digits, 'base64');
}
