import { randomUUID } from 'node:crypto';
import { type JsonDocument, jsonBytes } from '../answers/json-bytes.js';

/**
 * An interruption of an answer, before its head or within its body. `stall` sends nothing more until the client disconnects.
 * `close` closes the connection, and `reset` resets it.
 */
export type Interruption = 'stall' | 'close' | 'reset';

/** A part of a body: bytes that are sent unchanged in one write, a pause, or an interruption. */
export type ReplyPart = Uint8Array | { readonly pauseMs: number } | Interruption;

/** An answer byte for byte. Its head is sent before the first part is ready. */
export interface HttpReply {
  /** Milliseconds before the head is sent. */
  readonly headDelayMs?: number;
  /** 200 by default. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Iterable<ReplyPart> | AsyncIterable<ReplyPart>;
}

/** The reply of the emulator to a request. */
export type EmulatorReply = HttpReply | Interruption;

/** A whole answer of a model. */
export function answerReply(document: JsonDocument, headers: HttpReply['headers'] = {}): HttpReply {
  return {
    headers: { 'content-type': 'application/json', 'x-amzn-requestid': randomUUID(), ...headers },
    body: [jsonBytes(document)],
  };
}

/** A streamed answer of a model. Its body contains encoded frames, or any faulty bytes for a test. */
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
