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
  let waiting: (() => void) | undefined;
  const wake = () => waiting?.();
  for (const event of ['readable', 'end', 'error', 'close']) body.on(event, wake);
  try {
    while (!body.readableEnded) {
      const read: Buffer | null = body.destroyed ? null : body.read();
      if (read === null) {
        if (body.errored) throw body.errored;
        if (body.closed) throw new Error('body broke off');
        await new Promise<void>((resolve) => {
          waiting = resolve;
        });
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
      failure ??= corruption;
      if (last) yield { chunks, frames: last.bytes.subarray(0, last.end + checksumBytes) };
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

type Payload = Omit<Frame, 'headers'>;

/** The form that Bedrock sends: `{"bytes":"…"}` or `{"bytes":"…","p":"…"}`, free of escapes in `bytes`. */
const usualForm = /^\{"bytes":"([^"\\]*)"(?:,"p":"[^"]*")?\}$/;

/**
 * The model's own document in the payload of a `chunk` event: base64 in `bytes`, beside padding in `p` that hides token lengths.
 * Undefined where it holds none. The form that Bedrock sends is cut; any other is parsed.
 */
export function readChunkPayload(payload: Payload): Uint8Array | undefined {
  const { bytes, start, end } = payload;
  const encoded = usualForm.exec(bytes.toString('latin1', start, end))?.[1] ?? parseBytes(payload);
  return encoded === undefined ? undefined : Buffer.from(encoded, 'base64');
}

function parseBytes({ bytes, start, end }: Payload): string | undefined {
  try {
    const { bytes: encoded }: { readonly bytes?: unknown } = JSON.parse(bytes.toString('utf8', start, end));
    return typeof encoded === 'string' ? encoded : undefined;
  } catch {
    return undefined;
  }
}
