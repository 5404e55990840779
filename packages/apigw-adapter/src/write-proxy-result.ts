import { isUtf8 } from 'node:buffer';
import type { BufferedAnswer } from '@bedrock-proxy/core/http';

/** The result of a function with Lambda proxy integration. It is the same for REST and HTTP APIs. */
export interface ProxyResult {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

/** The result for an answer. The body is a string if it is UTF-8, otherwise base64. */
export function writeProxyResult({
  status,
  headers,
  body,
}: Pick<BufferedAnswer, 'status' | 'headers' | 'body'>): ProxyResult {
  const isText = typeof body === 'string' || isUtf8(body);
  return {
    statusCode: status,
    headers,
    body: typeof body === 'string' ? body : Buffer.from(body).toString(isText ? 'utf8' : 'base64'),
    isBase64Encoded: !isText,
  };
}

/** The size of a piece in a serialized result, in bytes. Text is counted with its escapes, bytes as base64. */
export function serializedSize(piece: string | Uint8Array): number {
  if (typeof piece !== 'string') return Math.ceil(piece.length / 3) * 4;
  return Buffer.byteLength(JSON.stringify(piece)) - 2;
}
