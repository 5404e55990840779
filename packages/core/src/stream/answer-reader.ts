import { isUtf8 } from 'node:buffer';
import { ProxyError } from '../errors/proxy-error.js';
import { isBedrockAlone, isIntervention, readBedrockKeys } from '../models/bedrock-keys.js';
import type { ChunkReading } from '../models/chunk-reading.js';
import { inBandError } from '../models/in-band-failure.js';
import { isJsonObject, type JsonObject } from '../models/json-object.js';
import type { ModelEvent, Usage } from '../models/model-event.js';
import { detectFamily } from '../models/model-families.js';
import { neutralStopReason } from '../models/stop-reasons.js';
import type { Chunk } from '../ports/model-invoker.js';

/** Reads a streamed answer, batch by batch: pure state, no time and no socket. */
export interface AnswerReader {
  /** The events of a batch; `failure` where the model reported one after them, in a chunk of its own. */
  read(batch: readonly Chunk[]): { readonly events: readonly ModelEvent[]; readonly failure?: ProxyError };
  /** The last events, once the stream ended cleanly. Throws where the model had not ended its answer. */
  end(): ModelEvent[];
  /** Whether the model marked the end of its answer: what breaks off after that is whole. */
  readonly isEnded: boolean;
  readonly usage: Usage;
  readonly nativeStopReason: string | undefined;
}

/** Some models close their stream with this JSON string. */
const doneWord = '[DONE]';

export function createAnswerReader(): AnswerReader {
  const surrogates = createSurrogateJoiner();
  let hasChunks = false;
  let hasKnownShape = false;
  let isEnded = false;
  let nativeStopReason: string | undefined;
  let guardrailAction: string | undefined;
  let counters: Usage = {};
  let metrics: Usage = {};

  const usage = (): Usage => ({ ...counters, ...metrics });

  function readChunk(chunk: Chunk, events: ModelEvent[]): ProxyError | undefined {
    hasChunks = true;
    let value: unknown;
    try {
      value = parseJson(chunk.bytes);
    } catch {
      return new ProxyError('upstream_truncated', { cause: new Error('a chunk of the answer is not JSON') });
    }
    if (value === doneWord) isEnded = true;
    if (!isJsonObject(value)) return undefined;
    readKeys(value);
    const family = detectFamily(value);
    if (family?.isText) hasKnownShape = true;
    else if (!isBedrockAlone(value)) events.push({ type: 'raw', value });
    return family && take(family.read(value), events);
  }

  function readKeys(value: JsonObject): void {
    const keys = readBedrockKeys(value);
    if (keys === undefined) return;
    if (keys.hasMetrics) isEnded = true;
    if (keys.metrics) metrics = { ...metrics, ...keys.metrics };
    // Some models say it with every chunk, and a guardrail that stepped in once has changed the answer.
    if (keys.guardrailAction && !isIntervention(guardrailAction)) guardrailAction = keys.guardrailAction;
  }

  function take(reading: ChunkReading, events: ModelEvent[]): ProxyError | undefined {
    if (reading.usage) counters = { ...counters, ...reading.usage };
    if (reading.failure) return inBandError(reading.failure);
    for (const event of reading.content ?? []) {
      const text = event.type === 'text-delta' ? surrogates.join(event.text) : '';
      // Nearly always the piece is whole in itself, and handed on as it came.
      if (event.type !== 'text-delta' || text === event.text) events.push(event);
      else pushText(text, events);
    }
    if (reading.stopReason !== undefined) {
      nativeStopReason = reading.stopReason;
      isEnded = true;
    }
    if (reading.endsAnswer) isEnded = true;
    return undefined;
  }

  return {
    read(batch) {
      const events: ModelEvent[] = [];
      for (const chunk of batch) {
        const failure = readChunk(chunk, events);
        if (failure) return { events, failure };
      }
      return { events };
    },
    end() {
      if (hasChunks && !hasKnownShape) throw new ProxyError('unsupported_stream');
      if (!isEnded) throw new ProxyError('upstream_truncated');
      const modelStopReason = nativeStopReason === undefined ? undefined : neutralStopReason(nativeStopReason);
      if (modelStopReason === 'error') {
        throw new ProxyError('upstream_error', { cause: new Error(`stop reason ${nativeStopReason}`) });
      }
      // The model's own reason does not change where a guardrail cut or masked what it said.
      const stopReason = isIntervention(guardrailAction) ? 'filter' : modelStopReason;
      const events: ModelEvent[] = [];
      pushText(surrogates.flush(), events);
      const counts = usage();
      if (Object.keys(counts).length > 0) events.push({ type: 'usage-report', usage: counts });
      events.push({
        type: 'stream-end',
        ...(stopReason && { stopReason }),
        ...(nativeStopReason && { nativeStopReason }),
        ...(guardrailAction && { guardrailAction }),
      });
      return events;
    },
    get isEnded() {
      return isEnded;
    },
    get usage() {
      return usage();
    },
    get nativeStopReason() {
      return nativeStopReason;
    },
  };
}

function pushText(text: string, events: ModelEvent[]): void {
  if (text !== '') events.push({ type: 'text-delta', text });
}

/** Bytes that are no UTF-8 fail here: a replacement character in an answer would be a lie. */
function parseJson(bytes: Uint8Array): unknown {
  if (!isUtf8(bytes)) throw new SyntaxError('not UTF-8');
  const buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return JSON.parse(buffer.toString('utf8'));
}

/**
 * Joins surrogate halves that a model sent in two deltas: a high one at the end of a piece is held and put in front of the next.
 * `flush` gives back one that is still held at the end.
 */
export function createSurrogateJoiner(): { join(text: string): string; flush(): string } {
  let held = '';
  return {
    join(text) {
      const whole = held === '' ? text : held + text;
      const last = whole.charCodeAt(whole.length - 1);
      if (last < 0xd800 || last > 0xdbff) {
        held = '';
        return whole;
      }
      held = whole.slice(-1);
      return whole.slice(0, -1);
    },
    flush() {
      const rest = held;
      held = '';
      return rest;
    },
  };
}
