import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Delivery, type HttpAnswer, isWhole, writePieces } from '../http/http-answer.js';

export interface AnswerWriting {
  /** Aborts when the client is seen to leave. */
  readonly client: AbortSignal;
  /** Whether the connection serves no further request. */
  readonly isLast: boolean;
}

/** How long the rest of a body is taken from a client that was answered before it had sent everything. */
const lingerMs = 1_000;

/** Writes an answer, and ends the response. Never rejects. */
export async function writeAnswer(
  answer: HttpAnswer,
  request: IncomingMessage,
  response: ServerResponse,
  { client, isLast }: AnswerWriting,
): Promise<Delivery> {
  const { status, body } = answer;
  if (client.aborted) return { bytesOut: 0, clientLeft: true };
  const isSending = !request.complete;
  response.writeHead(status, {
    ...answer.headers,
    ...(isWhole(body) && status !== 204 && { 'content-length': String(Buffer.byteLength(body)) }),
    ...((isSending || isLast) && { connection: 'close' }),
  });
  if (isWhole(body) && !isSending) {
    // One write for head and body.
    response.end(body);
    return { bytesOut: Buffer.byteLength(body) };
  }
  if (isSending) response.flushHeaders();
  const delivery = await writePieces(answer, response, client);
  // A connection that is closed while bytes are unread is reset, and the client may lose the answer.
  if (isSending) await restOfBody(request, client);
  response.end();
  return delivery;
}

/** Takes what a client still sends, for a while. */
function restOfBody(request: IncomingMessage, client: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      request.off('end', done);
      client.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, lingerMs);
    request.on('end', done);
    client.addEventListener('abort', done);
    request.resume();
  });
}
