import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { ResponsePiece } from '../invoke.js';
import type { AnswerHead, FrontAnswer } from './front-answer.js';

/** Sends a whole answer. */
export function writeWholeAnswer(response: ServerResponse, { body, ...head }: FrontAnswer): void {
  const headers = head.headers.filter(([name]) => name.toLowerCase() !== 'content-length');
  // A 204 has no length, not even zero.
  const length = head.status === 204 ? [] : [['content-length', String(body.length)]];
  response.writeHead(head.status, [...headers, ...length].flat());
  response.end(body);
}

/** Sends a head at once and each piece as it comes, no faster than the client takes them. Throws where the body does. */
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
