import type { Chunk, ChunkBatch, ModelOperation, StopReason } from '@bedrock-proxy/core';
import type { AnswerSummary } from '../../answers/answer-format.js';
import type { BlockAnswerFormat } from '../../answers/block-answer-format.js';
import { claudeBlocks } from '../../answers/claude-answer.js';
import { converseAnswer } from '../../answers/converse-answer.js';
import { type JsonDocument, jsonBytes } from '../../answers/json-bytes.js';
import { encodeChunkFrame, encodeEventStreamFrame } from '../../emulator/encode-event-stream-frame.js';

/** Pieces that a careless encoder would break: quotes, line ends, half characters, and the words that end other streams. */
export const pieces = ['Grüße, ', '"aus" \\ der\r\n', 'Ferne\u2028\ud83d', '\ude42 data: [DONE]', '\n\nok\n', ']} fin'];

/** One answer of a model, in the shape of an operation. Each chunk of its stream is in a batch of its own. */
export interface PlayedAnswer {
  /** The batches before the first text. */
  readonly opening: readonly ChunkBatch[];
  readonly text: readonly ChunkBatch[];
  /** The batches after the last text. */
  readonly closing: readonly ChunkBatch[];
  /** The batch of `closing` from which on the answer is whole. */
  readonly endMarker: ChunkBatch;
  /** The same as `closing`, with a stop reason that is an error. */
  readonly failedClosing: readonly ChunkBatch[];
  readonly whole: Uint8Array;
  /** A batch that means nothing. */
  readonly unknownChunk: ChunkBatch;
  /** Frames without a chunk, as an event of an unknown type brings them. */
  readonly unknownFrames: ChunkBatch;
  /** A chunk that is not JSON. */
  readonly malformed: ChunkBatch;
  /** A failure that Claude reports in an ordinary chunk; none for Converse. */
  readonly inBandError: readonly ChunkBatch[];
}

/** The answer of a model that says `said`. */
export function playedAnswer(operation: ModelOperation, said: readonly string[] = pieces): PlayedAnswer {
  return operation === 'converse' ? conversePlayed(said) : claudePlayed(operation, said);
}

/** The same chunks and frames in one batch. */
export function joinBatches(batches: readonly ChunkBatch[]): ChunkBatch {
  return {
    chunks: batches.flatMap(({ chunks }) => chunks),
    frames: Buffer.concat(batches.map(({ frames }) => frames ?? new Uint8Array())),
  };
}

const timing = { invocationLatency: 20, firstByteLatency: 10 };
const inBandError = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } };
const unknownFrames: ChunkBatch = { chunks: [], frames: eventFrame('somethingNew', jsonBytes({ new: true })) };

function claudePlayed(operation: ModelOperation, said: readonly string[]): PlayedAnswer {
  return {
    ...answerBatches(claudeBlocks, said, claudeBatch),
    ...(operation === 'count-tokens' && { whole: jsonBytes({ inputTokens: 12 }) }),
    unknownChunk: claudeBatch({ type: 'something_new' }),
    malformed: claudeBatch('{"type":'),
    inBandError: [claudeBatch(inBandError)],
  };
}

function conversePlayed(said: readonly string[]): PlayedAnswer {
  return {
    ...answerBatches(converseAnswer(), said, eventBatch),
    unknownChunk: eventBatch({ somethingNew: { new: true } }),
    malformed: chunkBatch({ eventType: 'contentBlockDelta', bytes: jsonBytes('{"delta":') }),
    inBandError: [],
  };
}

/** The parts of an answer of one text that every operation has. */
function answerBatches(
  { stream, whole }: Required<BlockAnswerFormat>,
  said: readonly string[],
  batchOf: (document: JsonDocument) => ChunkBatch,
) {
  const block = { type: 'text', pieces: said } as const;
  const { start, deltas, stop } = stream.block(block, 0);
  const closingOf = (reason: StopReason) =>
    [...stop, ...stream.closing(summaryOf(reason), timing, [block])].map(batchOf);
  const closing = closingOf('stop');
  return {
    opening: [...stream.opening(summaryOf('stop')), ...start].map(batchOf),
    text: deltas.map(batchOf),
    closing,
    endMarker: markerOf(closing),
    failedClosing: closingOf('error'),
    whole: jsonBytes(whole([block], summaryOf('stop'), timing)),
    unknownFrames,
  };
}

function summaryOf(stopReason: StopReason): AnswerSummary {
  return { id: 'played', stopReason, usage: { inputTokens: 12, outputTokens: 3 } };
}

/** The first batch that gives a stop reason. */
function markerOf(closing: readonly ChunkBatch[]): ChunkBatch {
  const marker = closing.find(({ chunks }) =>
    chunks.some(({ bytes }) => /"stop_?reason"/i.test(Buffer.from(bytes).toString())),
  );
  if (!marker) throw new TypeError('An answer gives a stop reason.');
  return marker;
}

function claudeBatch(document: JsonDocument): ChunkBatch {
  return { chunks: [{ bytes: jsonBytes(document) }], frames: encodeChunkFrame(document) };
}

/** A batch of one Converse event, which is an object of one member. */
function eventBatch(document: JsonDocument): ChunkBatch {
  const [event] = Object.entries(document);
  if (!event) throw new TypeError('A Converse event has one member.');
  const [eventType, payload] = event;
  return chunkBatch({ eventType, bytes: jsonBytes(payload) });
}

function chunkBatch({ eventType, bytes }: Required<Chunk>): ChunkBatch {
  return { chunks: [{ eventType, bytes }], frames: eventFrame(eventType, bytes) };
}

function eventFrame(eventType: string, bytes: Uint8Array): Uint8Array {
  const headers = { ':event-type': eventType, ':content-type': 'application/json', ':message-type': 'event' };
  return encodeEventStreamFrame(headers, bytes);
}
