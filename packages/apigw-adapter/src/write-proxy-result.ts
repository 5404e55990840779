import { isUtf8 } from 'node:buffer';
import type { BufferedAnswer } from '@bedrock-proxy/core/http';

/** What a Lambda proxy integration takes for an answer, from REST and HTTP APIs alike. */
export interface ProxyResult {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

/** The result for an answer: its body as a string where it is UTF-8, as base64 where it is not. */
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

/** The bytes that a piece takes in a serialized result: text with quotes and line breaks escaped, bytes as base64. */
export function serializedSize(piece: string | Uint8Array): number {
  if (typeof piece !== 'string') return Math.ceil(piece.length / 3) * 4;
  return Buffer.byteLength(JSON.stringify(piece)) - 2;
}
