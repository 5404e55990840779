import { randomUUID } from 'node:crypto';
import type { HttpReply } from './emulator-reply.js';

/** A streamed answer of a model, its body made of encoded frames or of whatever a test wants to see go wrong. */
export function streamReply(body: NonNullable<HttpReply['body']>, headers: HttpReply['headers'] = {}): HttpReply {
  return {
    headers: {
      'content-type': 'application/vnd.amazon.eventstream',
      'x-amzn-bedrock-content-type': 'application/json',
      'x-amzn-requestid': randomUUID(),
      ...headers,
    },
    body,
  };
}
