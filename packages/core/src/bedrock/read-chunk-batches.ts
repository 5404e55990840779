import type { Readable } from 'node:stream';
import { ProxyError } from '../errors/proxy-error.js';
import type { Chunk, ChunkBatch } from '../ports/model-invoker.js';
import { checksumBytes, createFrameReader, type Frame, type FrameReader } from './frame-reader.js';

/** The events of a stream: `chunk` for a model's own documents in base64, `converse` for JSON events of several types. */
export type EventForm = 'chunk' | 'converse';

/**
 * The chunks of a Bedrock event stream, one batch for each network read. Throws the `ProxyError` of an exception or error frame,
 * after the chunks that came before it; `upstream_truncated` for a cut inside a frame, a reset or a corrupt frame. A body that is not read
 * to its end is destroyed.
 */
export async function* readChunkBatches(body: Readable, form: EventForm): AsyncGenerator<ChunkBatch, void, undefined> {
  const readChunk = form === 'chunk' ? readModelChunk : readConverseEvent;
  let reader: FrameReader | undefined;
  // The iterator of a stream that Node has costs more than all that is done with its bytes here.
  const wait = createWait(body);
  try {
    while (!body.readableEnded) {
      const read: Buffer | null = body.destroyed ? null : body.read();
      if (read === null) {
        assertOpen(body);
        await new Promise<void>(wait);
        continue;
      }
      const chunks: Chunk[] = [];
      let failure: ProxyError | undefined;
      let failed: Frame | undefined;
      let last: Frame | undefined;
      reader ??= createFrameReader();
      const corruption = reader.push(read, (frame) => {
        if (failure || failed) return;
        if (isFailure(frame)) failed = frame;
        else failure = readChunk(frame, chunks);
        if (!failure && !failed) last = frame;
      });
      if (!failed) failure ??= corruption;
      if (last) yield { chunks, frames: last.bytes.subarray(0, last.end + checksumBytes) };
      last = undefined;
      if (failed) throw await errorOf(failed);
      if (failure) throw failure;
    }
  } catch (error) {
    throw error instanceof ProxyError ? error : new ProxyError('upstream_truncated', { cause: error });
  } finally {
    // After the end, this does nothing.
    body.destroy();
  }
  reader?.end();
}

/** A function that notes whom to call once more of `body` is there, or nothing more will come. One at a time. */
function createWait(body: Readable): (wake: () => void) => void {
  let waiting: (() => void) | undefined;
  const wake = () => waiting?.();
  body.on('readable', wake).on('end', wake).on('error', wake).on('close', wake);
  return (next) => {
    waiting = next;
  };
}

/** Throws the reason why nothing more will come. */
function assertOpen({ errored, closed }: Readable): void {
  if (errored) throw errored;
  if (closed) throw new Error('the body was closed before its end');
}

/** Adds the chunk of an `invoke-model` frame, if it holds one. Events of other types mean nothing to this operation. */
function readModelChunk(frame: Frame, chunks: Chunk[]): ProxyError | undefined {
  if (frame.headers.get(':event-type') !== 'chunk') return undefined;
  const bytes = readChunkPayload(frame);
  if (bytes === undefined) {
    return new ProxyError('upstream_truncated', { cause: new Error('a chunk event holds no bytes') });
  }
  chunks.push({ bytes });
  return undefined;
}

/** Adds the event of a `converse` frame: its payload as it came, under its type. */
function readConverseEvent({ headers, bytes, start, end }: Frame, chunks: Chunk[]): undefined {
  const eventType = headers.get(':event-type');
  if (eventType !== undefined) chunks.push({ bytes: bytes.subarray(start, end), eventType });
}

function isFailure({ headers }: Frame): boolean {
  const type = headers.get(':message-type');
  return type === 'exception' || type === 'error';
}

/** The error of an exception or error frame. What it takes to word one is loaded at the first failure. */
async function errorOf({ headers, bytes, start, end }: Frame): Promise<ProxyError> {
  const { errorOfException, errorOfFrame } = await import('./upstream-error.js');
  return headers.get(':message-type') === 'exception'
    ? errorOfException(headers.get(':exception-type') ?? 'unknown', bytes.subarray(start, end))
    : errorOfFrame(headers.get(':error-code') ?? 'unknown', headers.get(':error-message') ?? '');
}

const opening = Buffer.from('{"bytes":"');
const padding = Buffer.from('","p":"');
const closing = Buffer.from('"}');
const quote = 0x22;

type Payload = Omit<Frame, 'headers'>;

/**
 * The model's own document in the payload of a `chunk` event: base64 in `bytes`, beside padding in `p` that hides token lengths.
 * Undefined where it holds none. The form that Bedrock sends is cut; any other is parsed.
 */
export function readChunkPayload(payload: Payload): Uint8Array | undefined {
  const encoded = cutBytes(payload) ?? parseBytes(payload);
  return encoded === undefined ? undefined : Buffer.from(encoded, 'base64');
}

/** Undefined where the payload is not exactly `{"bytes":"…"}` or `{"bytes":"…","p":"…"}`, free of escapes. */
function cutBytes({ bytes, start, end }: Payload): string | undefined {
  if (!holdsAt(bytes, start, opening)) return undefined;
  const encodedStart = start + opening.length;
  const encodedEnd = bytes.indexOf(quote, encodedStart);
  const isPadded = holdsAt(bytes, encodedEnd, padding);
  const last = isPadded ? bytes.indexOf(quote, encodedEnd + padding.length) : encodedEnd;
  // What was found beyond the end is of another frame.
  if (last + closing.length !== end || !holdsAt(bytes, last, closing)) return undefined;
  const encoded = bytes.toString('latin1', encodedStart, encodedEnd);
  return encoded.includes('\\') ? undefined : encoded;
}

function holdsAt(bytes: Buffer, start: number, part: Buffer): boolean {
  for (let index = 0; index < part.length; index++) if (bytes[start + index] !== part[index]) return false;
  return true;
}

function parseBytes({ bytes, start, end }: Payload): string | undefined {
  try {
    const event: unknown = JSON.parse(bytes.toString('utf8', start, end));
    const encoded = typeof event === 'object' && event !== null && 'bytes' in event ? event.bytes : undefined;
    return typeof encoded === 'string' ? encoded : undefined;
  } catch {
    return undefined;
  }
}
