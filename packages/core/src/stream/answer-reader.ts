import { isUtf8 } from 'node:buffer';
import { ProxyError } from '../errors/proxy-error.js';
import { type BedrockKeys, isBedrockAlone, isIntervention, readBedrockKeys } from '../models/bedrock-keys.js';
import { type ChunkReading, type ContentEvent, mergeUsage, withLargestOutput } from '../models/chunk-reading.js';
import { detectFamily } from '../models/detect-family.js';
import { type InBandFailure, readFailure, readUnknownFailure } from '../models/in-band-failure.js';
import { isJsonObject, type JsonObject } from '../models/json-object.js';
import type { ModelEvent, TextDelta } from '../models/model-event.js';
import { neutralStopReason, stopReasonOf } from '../models/neutral-stop-reason.js';
import type { Chunk, Usage } from '../ports/model-invoker.js';
import { measureDelta, parseDelta } from './parse-delta.js';

/**
 * A chunk with its parsed value. The value of a chunk with an `eventType` is `{[eventType]: payload}`. With `anyShape`, deltas of text are not
 * parsed: their value is undefined, and they give no event.
 */
export interface ReadChunk extends Chunk {
  readonly value: unknown;
}

/** What the chunks of a batch hold. */
export interface BatchReading {
  readonly chunks: readonly ReadChunk[];
  readonly events: readonly ModelEvent[];
  /** The error of a chunk that cannot be read, after them. */
  readonly failure?: ProxyError;
  /** A failure that the model reported in a chunk of its own, after them. */
  readonly reported?: ReportedFailure;
}

/** A failure that a model reported, and the bytes of its chunk. */
export interface ReportedFailure {
  readonly failure: InBandFailure;
  readonly bytes: Uint8Array;
}

/** Reads a streamed answer, batch by batch: pure state, no time and no socket. */
export interface AnswerReader {
  read(batch: readonly Chunk[]): BatchReading;
  /** The last events, once the stream ended cleanly. Throws if the model had not ended its answer. */
  end(): ModelEvent[];
  /**
   * Whether the model marked the end of its answer: a stream that breaks off after that is whole. Under a guardrail, the last word of the
   * guardrail must be there too.
   */
  readonly isEnded: boolean;
  /** Whether the model marked the end, and the output was counted: nothing more needs to come. */
  readonly isComplete: boolean;
  readonly usage: Usage;
  readonly nativeStopReason: string | undefined;
  readonly guardrailAction: string | undefined;
  /** Characters of text and reasoning so far. */
  readonly textLength: number;
}

/** Some models close their stream with this JSON string. */
const doneWord = '[DONE]';

export interface AnswerReaderOptions {
  /** An answer of unknown shape is whole at a clean end, and no stop reason makes it a failure. */
  readonly anyShape?: boolean;
  /** A guardrail judges the answer, and its last chunk reports the guardrail's action. */
  readonly isGuarded?: boolean;
}

export function createAnswerReader({ anyShape = false, isGuarded = false }: AnswerReaderOptions = {}): AnswerReader {
  const surrogates = createSurrogateJoiner();
  let hasChunks = false;
  let hasKnownShape = false;
  let hasContent = false;
  let hasUnreadText = false;
  let isEnded = false;
  let isEndedSoftly = false;
  let softEndFollowsContent = false;
  let nativeStopReason: string | undefined;
  let guardrailAction: string | undefined;
  let hasLastAction = false;
  let counters: Usage = {};
  let finalOutputTokens: number | undefined;
  let metrics: Usage = {};
  let textLength = 0;

  const usage = (): Usage => withLargestOutput(mergeUsage(counters, metrics), finalOutputTokens, metrics.outputTokens);

  function readValue(value: unknown, events: ModelEvent[]): InBandFailure | undefined {
    if (value === doneWord) isEnded = true;
    if (!isJsonObject(value)) return undefined;
    const keys = readKeys(value);
    const failure = readDocument(value, events);
    if (keys?.guardrailAction && (isEnded || isEndedSoftly)) hasLastAction = true;
    return failure;
  }

  function readDocument(value: JsonObject, events: ModelEvent[]): InBandFailure | undefined {
    const family = detectFamily(value);
    const failure = readFailure(value) ?? (family ? undefined : readUnknownFailure(value));
    if (failure) return failure;
    if (!family?.isText && !isBedrockAlone(value)) events.push({ type: 'raw', value });
    if (!family) return undefined;
    const reading = family.read(value);
    if (reading.hasUnreadText) hasUnreadText = true;
    else if (family.isText) hasKnownShape = true;
    take(reading, events);
    return undefined;
  }

  function readKeys(value: JsonObject): BedrockKeys | undefined {
    const keys = readBedrockKeys(value);
    if (keys === undefined) return undefined;
    if (keys.hasMetrics) isEnded = true;
    if (keys.metrics) metrics = mergeUsage(metrics, keys.metrics);
    // Some models say it with every chunk, and a guardrail that stepped in once has changed the answer.
    if (keys.guardrailAction && !isIntervention(guardrailAction)) guardrailAction = keys.guardrailAction;
    return keys;
  }

  /** A guardrail that stepped in may say so in the last chunk alone. */
  function isJudged(): boolean {
    return !isGuarded || hasLastAction || isIntervention(guardrailAction);
  }

  function take(reading: ChunkReading, events: ModelEvent[]): void {
    const { usage: reported, stopReason } = reading;
    if (reported) {
      counters = mergeUsage(counters, reported);
      if (reported.outputTokens !== undefined && !reading.isFirstUsage) finalOutputTokens = counters.outputTokens;
    }
    const hadContent = hasContent;
    if (!(reading.isWhole && hasContent)) takeContent(reading.content ?? [], events);
    if (reading.endsSoftly) {
      isEndedSoftly = true;
      softEndFollowsContent = hadContent;
    }
    if (stopReason !== undefined) {
      isEnded = true;
      // An error stays the reason, whatever follows.
      if (!isErrorReason(nativeStopReason)) nativeStopReason = stopReason;
    }
    if (reading.endsAnswer) isEnded = true;
  }

  function takeContent(content: readonly ContentEvent[], events: ModelEvent[]): void {
    for (const event of content) {
      hasContent = true;
      if (event.type === 'text-delta') takeText(event, events);
      else {
        if (event.type === 'reasoning-delta') textLength += event.text.length;
        events.push(event);
      }
    }
  }

  function takeText(event: TextDelta, events: ModelEvent[]): void {
    hasContent = true;
    // A guardrail that stepped in within the answer did not end it.
    isEndedSoftly = false;
    textLength += event.text.length;
    const text = surrogates.join(event.text);
    // Nearly always the piece is whole in itself, and passed on as it came.
    if (text === event.text) events.push(event);
    else if (text !== '') events.push({ ...event, text });
  }

  return {
    read(batch) {
      const chunks: ReadChunk[] = [];
      const events: ModelEvent[] = [];
      for (const { bytes, eventType } of batch) {
        // The first piece of text is read, so that its shape and its time are known.
        const length = anyShape && textLength > 0 ? measureDelta(bytes, eventType) : undefined;
        if (length !== undefined) {
          textLength += length;
          if (length > 0) isEndedSoftly = false;
          chunks.push(eventType === undefined ? { bytes, value: undefined } : { bytes, eventType, value: undefined });
          continue;
        }
        const json = isUtf8(bytes) ? textOf(bytes) : undefined;
        const delta = json === undefined ? undefined : parseDelta(json, eventType);
        let value: unknown = delta?.value;
        if (delta) {
          // Most chunks are such deltas. The way of all others ends in the same, at a multiple of the cost.
          hasChunks = true;
          hasKnownShape = true;
          if (delta.text !== '') takeText({ type: 'text-delta', text: delta.text, index: delta.index }, events);
        } else {
          value = parseChunk(json, eventType, !hasChunks);
          hasChunks = true;
          // Only Converse has event types, and its shape is known: a clean end before its marker is a cut.
          if (anyShape && eventType !== undefined) hasKnownShape = true;
          if (value instanceof ProxyError) return { chunks, events, failure: value };
          const failure = readValue(value, events);
          if (failure) return { chunks, events, reported: { failure, bytes } };
        }
        chunks.push(eventType === undefined ? { bytes, value } : { bytes, eventType, value });
      }
      return { chunks, events };
    },
    end() {
      if (hasChunks && !hasKnownShape && !anyShape) throw new ProxyError('unsupported_stream');
      if (!isEnded && !isEndedSoftly && (hasKnownShape || !hasChunks)) throw new ProxyError('upstream_truncated');
      if (!anyShape && isErrorReason(nativeStopReason)) {
        throw new ProxyError('upstream_error', { cause: new Error(`stop reason ${nativeStopReason}`) });
      }
      const counts = usage();
      if (!anyShape && hasUnreadText && !hasContent && (counts.outputTokens ?? 0) > 0) {
        throw new ProxyError('unsupported_stream', { cause: new Error('the text of the answer has an unknown type') });
      }
      const stopReason = stopReasonOf(nativeStopReason, guardrailAction);
      const events: ModelEvent[] = [];
      const held = surrogates.flush();
      if (held !== '') events.push({ type: 'text-delta', text: held });
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
      // A guardrail that masks a stream reports it with pieces in its midst too: after one of those, a cut may take text.
      const isSoftEnd = isEndedSoftly && !(isGuarded && softEndFollowsContent);
      return (isEnded || isSoftEnd) && isJudged();
    },
    get isComplete() {
      return isEnded && (finalOutputTokens ?? metrics.outputTokens) !== undefined && isJudged();
    },
    get usage() {
      return usage();
    },
    get nativeStopReason() {
      return nativeStopReason;
    },
    get guardrailAction() {
      return guardrailAction;
    },
    get textLength() {
      return textLength;
    },
  };
}

function textOf(bytes: Uint8Array): string {
  const buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return buffer.toString('utf8');
}

/**
 * The value of a chunk; an error for bytes that are not JSON or not UTF-8: a replacement character in an answer would be a lie. A model
 * whose first chunk is other text, such as the lines of Server-Sent Events, does not stream JSON at all.
 */
function parseChunk(json: string | undefined, eventType: string | undefined, isFirst: boolean): unknown {
  try {
    if (json === undefined) throw new SyntaxError('not UTF-8');
    const value: unknown = JSON.parse(json);
    return eventType === undefined ? value : { [eventType]: value };
  } catch {
    const code = isFirst && json !== undefined ? 'unsupported_stream' : 'upstream_truncated';
    return new ProxyError(code, { cause: new Error('a chunk of the answer is not JSON') });
  }
}

/** The error for a failure that the model reported. What it takes to word one is loaded at the first. */
export async function errorOfReported({ failure, bytes }: ReportedFailure): Promise<ProxyError> {
  const { errorOfFailure } = await import('../models/error-of-failure.js');
  return errorOfFailure(failure, bytes);
}

function isErrorReason(native: string | undefined): boolean {
  return native !== undefined && neutralStopReason(native) === 'error';
}

/**
 * Joins surrogate halves that a model sent in two deltas: a high one at the end of a piece is held and put in front of the next.
 * `flush` returns one that is still held at the end.
 */
export function createSurrogateJoiner(): { join(text: string): string; flush(): string } {
  let held = '';
  return {
    join(text) {
      const whole = held + text;
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
