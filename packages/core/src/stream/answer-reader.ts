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

export function createAnswerReader(options: AnswerReaderOptions = {}): AnswerReader {
  return new StreamedAnswer(options);
}

/** A class, because an object literal with getters costs a hidden class of its own each time, which lives until a full collection. */
class StreamedAnswer implements AnswerReader {
  readonly #anyShape: boolean;
  readonly #isGuarded: boolean;
  readonly #surrogates = createSurrogateJoiner();
  #hasChunks = false;
  #hasKnownShape = false;
  #hasContent = false;
  #hasUnreadText = false;
  #isEnded = false;
  #isEndedSoftly = false;
  #softEndFollowsContent = false;
  #nativeStopReason: string | undefined;
  #guardrailAction: string | undefined;
  #hasLastAction = false;
  #counters: Usage = {};
  #finalOutputTokens: number | undefined;
  #metrics: Usage = {};
  #textLength = 0;

  constructor({ anyShape = false, isGuarded = false }: AnswerReaderOptions) {
    this.#anyShape = anyShape;
    this.#isGuarded = isGuarded;
  }

  read(batch: readonly Chunk[]): BatchReading {
    const chunks: ReadChunk[] = [];
    const events: ModelEvent[] = [];
    for (const chunk of batch) {
      const { bytes, eventType } = chunk;
      // The first piece of text is read, so that its shape and its time are known.
      const length = this.#anyShape && this.#textLength > 0 ? measureDelta(bytes, eventType) : undefined;
      if (length === undefined) {
        const problem = this.#readChunk(chunk, chunks, events);
        if (problem) return { chunks, events, ...problem };
      } else {
        this.#textLength += length;
        if (length > 0) this.#isEndedSoftly = false;
        chunks.push(readChunk(chunk, undefined));
      }
    }
    return { chunks, events };
  }

  end(): ModelEvent[] {
    const hasChunks = this.#hasChunks;
    const hasKnownShape = this.#hasKnownShape;
    if (hasChunks && !hasKnownShape && !this.#anyShape) throw new ProxyError('unsupported_stream');
    if (!this.#isEnded && !this.#isEndedSoftly && (hasKnownShape || !hasChunks)) {
      throw new ProxyError('upstream_truncated');
    }
    const nativeStopReason = this.#nativeStopReason;
    if (!this.#anyShape && isErrorReason(nativeStopReason)) {
      throw new ProxyError('upstream_error', { cause: new Error(`stop reason ${nativeStopReason}`) });
    }
    const counts = this.usage;
    if (!this.#anyShape && this.#hasUnreadText && !this.#hasContent && (counts.outputTokens ?? 0) > 0) {
      throw new ProxyError('unsupported_stream', { cause: new Error('the text of the answer has an unknown type') });
    }
    const guardrailAction = this.#guardrailAction;
    const stopReason = stopReasonOf(nativeStopReason, guardrailAction);
    const events: ModelEvent[] = [];
    const held = this.#surrogates.flush();
    if (held !== '') events.push({ type: 'text-delta', text: held });
    if (Object.keys(counts).length > 0) events.push({ type: 'usage-report', usage: counts });
    events.push({
      type: 'stream-end',
      ...(stopReason && { stopReason }),
      ...(nativeStopReason && { nativeStopReason }),
      ...(guardrailAction && { guardrailAction }),
    });
    return events;
  }

  get isEnded(): boolean {
    // A guardrail that masks a stream reports it with pieces in its midst too: after one of those, a cut may take text.
    const isSoftEnd = this.#isEndedSoftly && !(this.#isGuarded && this.#softEndFollowsContent);
    return (this.#isEnded || isSoftEnd) && this.#isJudged();
  }

  get isComplete(): boolean {
    return this.#isEnded && (this.#finalOutputTokens ?? this.#metrics.outputTokens) !== undefined && this.#isJudged();
  }

  get usage(): Usage {
    const metrics = this.#metrics;
    return withLargestOutput(mergeUsage(this.#counters, metrics), this.#finalOutputTokens, metrics.outputTokens);
  }

  get nativeStopReason(): string | undefined {
    return this.#nativeStopReason;
  }

  get guardrailAction(): string | undefined {
    return this.#guardrailAction;
  }

  get textLength(): number {
    return this.#textLength;
  }

  /** Adds what a chunk holds. Returns its failure, after which nothing is read. */
  #readChunk(
    chunk: Chunk,
    chunks: ReadChunk[],
    events: ModelEvent[],
  ): Pick<BatchReading, 'failure' | 'reported'> | undefined {
    const { bytes, eventType } = chunk;
    const json = isUtf8(bytes) ? textOf(bytes) : undefined;
    const delta = json === undefined ? undefined : parseDelta(json, eventType);
    let value: unknown = delta?.value;
    if (delta) {
      // Most chunks are such deltas. The way of all others ends in the same, at a multiple of the cost.
      this.#hasChunks = true;
      this.#hasKnownShape = true;
      if (delta.text !== '') this.#takeText({ type: 'text-delta', text: delta.text, index: delta.index }, events);
    } else {
      value = parseChunk(json, eventType, !this.#hasChunks);
      this.#hasChunks = true;
      // Only Converse has event types, and its shape is known: a clean end before its marker is a cut.
      if (this.#anyShape && eventType !== undefined) this.#hasKnownShape = true;
      if (value instanceof ProxyError) return { failure: value };
      const failure = this.#readValue(value, events);
      if (failure) return { reported: { failure, bytes } };
    }
    chunks.push(readChunk(chunk, value));
    return undefined;
  }

  #readValue(value: unknown, events: ModelEvent[]): InBandFailure | undefined {
    if (value === doneWord) this.#isEnded = true;
    if (!isJsonObject(value)) return undefined;
    const keys = this.#readKeys(value);
    const failure = this.#readDocument(value, events);
    if (keys?.guardrailAction && this.#isEnded) this.#hasLastAction = true;
    return failure;
  }

  #readDocument(value: JsonObject, events: ModelEvent[]): InBandFailure | undefined {
    const family = detectFamily(value);
    const failure = readFailure(value) ?? (family ? undefined : readUnknownFailure(value));
    if (failure) return failure;
    if (!family?.isText && !isBedrockAlone(value)) events.push({ type: 'raw', value });
    if (!family) return undefined;
    const reading = family.read(value);
    if (reading.hasUnreadText) this.#hasUnreadText = true;
    else if (family.isText) this.#hasKnownShape = true;
    this.#take(reading, events);
    return undefined;
  }

  #readKeys(value: JsonObject): BedrockKeys | undefined {
    const keys = readBedrockKeys(value);
    if (keys === undefined) return undefined;
    if (keys.hasMetrics) this.#isEnded = true;
    if (keys.metrics) this.#metrics = mergeUsage(this.#metrics, keys.metrics);
    // Some models say it with every chunk, and a guardrail that stepped in once has changed the answer.
    if (keys.guardrailAction && !isIntervention(this.#guardrailAction)) this.#guardrailAction = keys.guardrailAction;
    return keys;
  }

  /** A guardrail that stepped in may say so in the last chunk alone. */
  #isJudged(): boolean {
    return !this.#isGuarded || this.#hasLastAction || isIntervention(this.#guardrailAction);
  }

  #take(reading: ChunkReading, events: ModelEvent[]): void {
    const { usage: reported, stopReason } = reading;
    if (reported) {
      this.#counters = mergeUsage(this.#counters, reported);
      if (reported.outputTokens !== undefined && !reading.isFirstUsage) {
        this.#finalOutputTokens = this.#counters.outputTokens;
      }
    }
    const hadContent = this.#hasContent;
    if (!(reading.isWhole && hadContent)) this.#takeContent(reading.content ?? [], events);
    if (reading.endsSoftly) {
      this.#isEndedSoftly = true;
      this.#softEndFollowsContent = hadContent;
    }
    if (stopReason !== undefined) {
      this.#isEnded = true;
      // An error stays the reason, whatever follows.
      if (!isErrorReason(this.#nativeStopReason)) this.#nativeStopReason = stopReason;
    }
    if (reading.endsAnswer) this.#isEnded = true;
  }

  #takeContent(content: readonly ContentEvent[], events: ModelEvent[]): void {
    for (const event of content) {
      this.#hasContent = true;
      if (event.type === 'text-delta') this.#takeText(event, events);
      else {
        if (event.type === 'reasoning-delta') this.#textLength += event.text.length;
        events.push(event);
      }
    }
  }

  #takeText(event: TextDelta, events: ModelEvent[]): void {
    this.#hasContent = true;
    // A guardrail that stepped in within the answer did not end it.
    this.#isEndedSoftly = false;
    this.#textLength += event.text.length;
    const text = this.#surrogates.join(event.text);
    // Nearly always the piece is whole in itself, and passed on as it came.
    if (text === event.text) events.push(event);
    else if (text !== '') events.push({ ...event, text });
  }
}

function readChunk({ bytes, eventType }: Chunk, value: unknown): ReadChunk {
  return eventType === undefined ? { bytes, value } : { bytes, eventType, value };
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
