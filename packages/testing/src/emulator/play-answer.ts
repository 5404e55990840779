import type { BlockAnswerFormat, StreamFormat } from '../answers/block-answer-format.js';
import { invocationMetrics } from '../answers/invocation-metrics.js';
import type { JsonDocument } from '../answers/json-bytes.js';
import { answerReply, type HttpReply, type ReplyPart, streamReply } from './emulator-reply.js';
import { encodeChunkFrame } from './encode-event-stream-frame.js';
import type { WrittenAnswer } from './write-answer.js';

/** The whole answer, after the time that its stream would take. */
export function playWhole(
  format: BlockAnswerFormat,
  { blocks, summary }: WrittenAnswer,
  paceMs: number,
  headersOf: (latency: number) => HttpReply['headers'] = () => ({}),
): HttpReply {
  const latency = latencyOf(blocks, paceMs);
  const timing = { invocationLatency: latency, firstByteLatency: latency };
  return { ...answerReply(format.whole(blocks, summary, timing), headersOf(latency)), headDelayMs: latency };
}

/** A stream with the whole answer as its only chunk. */
export function playOneChunk(format: BlockAnswerFormat, { blocks, summary }: WrittenAnswer, paceMs: number): HttpReply {
  const latency = latencyOf(blocks, paceMs);
  const timing = { invocationLatency: latency, firstByteLatency: latency };
  const chunk = { ...format.whole(blocks, summary, timing), ...invocationMetrics(summary, timing) };
  return { ...streamReply([encodeChunkFrame(chunk)]), headDelayMs: latency };
}

/** The answer as a stream, with one piece each `paceMs` milliseconds. */
export function playStream(
  format: StreamFormat,
  { blocks, summary }: WrittenAnswer,
  paceMs: number,
  encode: (document: JsonDocument) => Uint8Array,
): HttpReply {
  const timing = { invocationLatency: latencyOf(blocks, paceMs), firstByteLatency: paceMs };
  const frames = (documents: readonly JsonDocument[]) => documents.map((document) => encode(document));
  function* parts(): Generator<ReplyPart> {
    yield* frames(format.opening(summary));
    for (const [index, block] of blocks.entries()) {
      const { start, deltas, stop } = format.block(block, index);
      yield* frames(start);
      for (const delta of deltas) {
        if (paceMs > 0) yield { pauseMs: paceMs };
        yield encode(delta);
      }
      yield* frames(stop);
    }
    yield* frames(format.closing(summary, timing, blocks));
  }
  return streamReply(parts());
}

function latencyOf(blocks: WrittenAnswer['blocks'], paceMs: number): number {
  return blocks.flatMap(({ pieces }) => pieces).length * paceMs;
}
