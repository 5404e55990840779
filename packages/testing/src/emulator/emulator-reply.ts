import { randomUUID } from 'node:crypto';
import { type JsonDocument, jsonBytes } from '../answers/json-bytes.js';

/**
 * A way for an answer to stop, before its head or within its body: `stall` sends nothing more until the client leaves,
 * `close` closes the connection, `reset` resets it.
 */
export type Interruption = 'stall' | 'close' | 'reset';

/** A piece of a body: bytes that go out as they are, in a write of their own; silence; or the way it stops. */
export type ReplyPart = Uint8Array | { readonly pauseMs: number } | Interruption;

/** An answer, to the byte. Its head goes out before the first part, and does not wait for it. */
export interface HttpReply {
  /** Milliseconds of silence before the head. */
  readonly headDelayMs?: number;
  /** 200 by default. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Iterable<ReplyPart> | AsyncIterable<ReplyPart>;
}

/** What the emulator does with a request. */
export type EmulatorReply = HttpReply | Interruption;

/** A whole answer of a model. */
export function answerReply(document: JsonDocument, headers: HttpReply['headers'] = {}): HttpReply {
  return {
    headers: { 'content-type': 'application/json', 'x-amzn-requestid': randomUUID(), ...headers },
    body: [jsonBytes(document)],
  };
}

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
