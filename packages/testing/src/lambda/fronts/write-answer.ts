import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { ResponsePiece } from '../invoke.js';
import type { AnswerHead, FrontAnswer } from './front-answer.js';

/** Sends a whole answer. */
export function writeWholeAnswer(response: ServerResponse, { body, ...head }: FrontAnswer): void {
  const headers = head.headers.filter(([name]) => name.toLowerCase() !== 'content-length');
  // RFC 9110 forbids content-length in a 204 response.
  const length = head.status === 204 ? [] : [['content-length', String(body.length)]];
  response.writeHead(head.status, [...headers, ...length].flat());
  response.end(body);
}

/**
 * Sends the headers immediately and each piece when it arrives, and waits if the client reads slowly. Throws if the
 * body throws.
 */
export async function writeStreamedAnswer(
  response: ServerResponse,
  head: AnswerHead,
  body: AsyncIterable<ResponsePiece>,
  signal: AbortSignal,
): Promise<void> {
  response.writeHead(head.status, head.headers.flat());
  response.flushHeaders();
  for await (const { bytes } of body) {
    if (!response.write(bytes)) await once(response, 'drain', { signal });
  }
  response.end();
}
