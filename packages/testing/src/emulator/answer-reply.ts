import { randomUUID } from 'node:crypto';
import { type JsonDocument, jsonBytes } from '../answers/json-bytes.js';
import type { HttpReply } from './emulator-reply.js';

/** A whole answer of a model. */
export function answerReply(document: JsonDocument, headers: HttpReply['headers'] = {}): HttpReply {
  return {
    headers: { 'content-type': 'application/json', 'x-amzn-requestid': randomUUID(), ...headers },
    body: [jsonBytes(document)],
  };
}
