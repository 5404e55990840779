import { cleanMessage } from '../../errors/clean-message.js';
import { ProxyError } from '../../errors/proxy-error.js';
import { isJsonObject, type JsonObject, objectAt } from '../../models/json-object.js';
import type { ReadChunk } from '../../stream/answer-reader.js';
import type { FrontKind, Piece, StreamEncoder } from '../dialect.js';
import { anthropicError, reportedError } from './anthropic-error.js';
import { cutBedrockMembers, hasBedrockMembers } from './cut-bedrock-members.js';

const headers = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
};
const ping = 'event: ping\ndata: {"type":"ping"}\n\n';
const madeStop = Buffer.from('{"type":"message_stop"}');
const eventEnd = Buffer.from('\n\n');
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/**
 * Server-Sent Events with Claude's own chunks. `message_stop` is held back until the stream has ended whole, so that a client never
 * takes a broken answer for a finished one.
 */
export function messageEvents(front: FrontKind): StreamEncoder {
  let stop: Uint8Array | undefined;
  let hasEvents = false;
  // A body in one piece is text, because a gateway counts bytes as base64.
  const pieceOf = (parts: readonly Uint8Array[]): Piece => {
    if (parts.length === 0) return '';
    const bytes = Buffer.concat(parts);
    return front === 'buffered' ? bytes.toString('utf8') : bytes;
  };
  return {
    headers,
    waitsForFirst: false,
    onBufferedFailure: 'refuse',
    open: () => '',
    batch({ chunks }) {
      const parts: Uint8Array[] = [];
      for (const { bytes, value } of chunks) {
        if (!isJsonObject(value) || typeof value['type'] !== 'string') continue;
        hasEvents = true;
        const data = dataOf(bytes, value);
        if (value['type'] === 'message_stop') stop = data;
        else parts.push(opening(value['type']), data, eventEnd);
      }
      return pieceOf(parts);
    },
    ping: () => ping,
    end() {
      // Not Claude's: an answer that holds nothing must not look finished.
      if (!hasEvents) throw new ProxyError('unsupported_stream');
      return pieceOf([opening('message_stop'), stop ?? madeStop, eventEnd]);
    },
    fail: (error, requestId) => pieceOf([opening('error'), errorData(error, requestId), eventEnd]),
  };
}

const openings = new Map<string, Buffer>();
/** More than Claude has; a model cannot fill the memory with them. */
const mostOpenings = 50;

/** The lines before the data of an event. Without the first, clients skip the event. */
function opening(type: string): Uint8Array {
  const known = openings.get(type);
  if (known) return known;
  const made = Buffer.from(`event: ${type.replace(/[\r\n]+/g, ' ')}\ndata: `);
  if (openings.size < mostOpenings) openings.set(type, made);
  return made;
}

/** A chunk as the data of an event: its own bytes, unless they hold Bedrock's members or a line break. */
function dataOf(bytes: ReadChunk['bytes'], value: JsonObject): Uint8Array {
  const own = hasBedrockMembers(value) ? cutBedrockMembers(bytes) : bytes;
  if (!own.includes(lineFeed) && !own.includes(carriageReturn)) return own;
  return Buffer.from(JSON.stringify(JSON.parse(Buffer.from(own).toString('utf8'))));
}

/** The error that Claude reported, in its own bytes if they hold nothing secret; any other failure as this dialect has it. */
function errorData(error: ProxyError, requestId: string): Uint8Array {
  const reported = reportedError(error);
  if (!reported) return Buffer.from(anthropicError(error, requestId));
  const { chunk, value, message } = reported;
  const clean = cleanMessage(message);
  if (clean === message) return dataOf(chunk, value);
  return Buffer.from(JSON.stringify({ type: 'error', error: { ...objectAt(value, 'error'), message: clean } }));
}
