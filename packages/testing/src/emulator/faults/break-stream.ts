import { crc32 } from 'node:zlib';
import type { ReplyPart } from '../emulator-reply.js';
import { encodeChunkFrame, encodeEventStreamFrame, encodeExceptionFrame } from '../encode-event-stream-frame.js';
import type { FaultPosition, StreamFault } from './fault-names.js';

/** The frames of a whole streamed answer, by purpose. */
export interface AnswerFrames {
  readonly opening: readonly Uint8Array[];
  readonly text: readonly Uint8Array[];
  readonly closing: readonly Uint8Array[];
  /** A frame without meaning, for a fault after the last frame. */
  readonly idle: Uint8Array;
}

/** Long enough for a client to read the bytes that were sent. */
const unreadMs = 30;

const exceptionTypes = {
  'internal-server-exception': 'internalServerException',
  'model-stream-error-exception': 'modelStreamErrorException',
  'validation-exception': 'validationException',
  'throttling-exception': 'throttlingException',
  'model-timeout-exception': 'modelTimeoutException',
  'service-unavailable-exception': 'serviceUnavailableException',
  'unknown-exception': 'somethingNewException',
} as const;

/** The frames of an answer up to the position, then the fault, then the rest of the answer if the fault allows it. */
export function* breakStream(frames: AnswerFrames, fault: StreamFault, position: FaultPosition): Generator<ReplyPart> {
  const all = [...frames.opening, ...frames.text, ...frames.closing];
  const at = {
    'first-frame': 0,
    'before-text': frames.opening.length,
    middle: frames.opening.length + Math.ceil(frames.text.length / 2),
    'after-end': all.length,
  }[position];
  yield* all.slice(0, at);
  yield* play(fault, all.slice(at), frames.idle);
}

function* play(fault: StreamFault, rest: readonly Uint8Array[], idle: Uint8Array): Generator<ReplyPart> {
  const next = rest[0] ?? idle;
  const half = next.subarray(0, Math.floor(next.length / 2));
  switch (fault) {
    case 'end-between-frames':
      return;
    case 'end-inside-frame':
      yield half;
      return;
    case 'end-inside-length':
      yield next.subarray(0, 2);
      return;
    case 'connection-reset':
      // A reset discards the bytes that the client has not read yet.
      yield* [half, { pauseMs: unreadMs }, 'reset'] as const;
      return;
    case 'connection-closed':
      yield* [half, 'close'] as const;
      return;
    case 'stall':
      yield 'stall';
      return;
    case 'one-byte-writes':
      for (const frame of rest) for (const byte of frame) yield Uint8Array.of(byte);
      return;
    case 'bad-checksum':
      yield* [withBadChecksum(next), ...rest.slice(1)];
      return;
    case 'zero-length-frame':
      yield* [claim(0), ...rest];
      return;
    case 'huge-frame':
      yield* [claim(800_000_000), ...rest];
      return;
    case 'error-frame':
      yield encodeEventStreamFrame(
        { ':message-type': 'error', ':error-code': 'InternalError', ':error-message': 'The emulator plays an error.' },
        new Uint8Array(),
      );
      return;
    case 'unknown-event':
      yield encodeEventStreamFrame({ ':event-type': 'somethingNew', ':message-type': 'event' }, Buffer.from('{"a":1}'));
      yield* rest;
      return;
    case 'in-band-error':
      yield encodeChunkFrame({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } });
      return;
    default:
      yield encodeExceptionFrame(exceptionTypes[fault], 'The emulator plays an exception.');
  }
}

function withBadChecksum(frame: Uint8Array): Uint8Array {
  const damaged = Uint8Array.from(frame);
  damaged[damaged.length - 1] = (damaged.at(-1) ?? 0) ^ 1;
  return damaged;
}

/** The beginning of a frame that claims this length, with the correct checksum of the claim. */
function claim(bytes: number): Uint8Array {
  const prelude = Buffer.alloc(16);
  prelude.writeUInt32BE(bytes, 0);
  prelude.writeUInt32BE(crc32(prelude.subarray(0, 8)), 8);
  return prelude;
}
