import { ProxyError } from '../errors/proxy-error.js';
import type { HttpRequest } from './http-request.js';

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

function assertFits(bytes: number, maxBytes: number): void {
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
