import type { Chunk, ModelOperation } from '@bedrock-proxy/core';
import type { AnswerSummary } from '../answers/answer-format.js';
import type { AnswerBlock, BlockAnswerFormat, StreamFormat } from '../answers/block-answer-format.js';
import { claudeBlocks } from '../answers/claude-answer.js';
import { converseAnswer } from '../answers/converse-answer.js';
import { type JsonDocument, jsonBytes } from '../answers/json-bytes.js';
import type { SilentStep, WrittenReply } from './reply-script.js';

/** An operation that gives a model's answer. */
export type AnswerOperation = Exclude<ModelOperation, 'count-tokens'>;

/** A step of a stream, with its content as chunks. */
export type PlayedStep = { readonly type: 'chunks'; readonly chunks: readonly Chunk[] } | SilentStep;

const timing = { invocationLatency: 100, firstByteLatency: 10 };

/** The whole answer in the shape of the operation. */
export function renderWhole(reply: WrittenReply, operation: AnswerOperation): Uint8Array {
  return jsonBytes(formatOf(reply, operation).whole(blocksOf(reply), summaryOf(reply), timing));
}

/** The steps of the streamed answer in the shape of the operation. */
export function renderSteps(reply: WrittenReply, operation: AnswerOperation): readonly PlayedStep[] {
  const { stream } = formatOf(reply, operation);
  const toChunk = operation === 'converse' ? converseChunk : modelChunk;
  const summary = summaryOf(reply);
  const played: PlayedStep[] = [];
  const send = (documents: readonly JsonDocument[]) => {
    if (documents.length > 0) played.push({ type: 'chunks', chunks: documents.map(toChunk) });
  };
  /** The documents that stand before the next block, or before the end. */
  let between = stream.opening(summary);
  let index = -1;
  for (const step of reply.steps) {
    if (step.type === 'chunks') send(step.batch);
    else if (step.type !== 'content') played.push(step);
    else {
      if (step.isNew) index += 1;
      const { start, deltas, stop } = stream.block(step.block, index);
      if (step.isNew) {
        send([...between, ...start]);
        between = stop;
      }
      for (const delta of deltas) send([delta]);
    }
  }
  if (!reply.isBare) send([...between, ...stream.closing(summary, timing, blocksOf(reply))]);
  return played;
}

function formatOf(
  { converseStopReason }: WrittenReply,
  operation: AnswerOperation,
): BlockAnswerFormat & { readonly stream: StreamFormat } {
  if (operation === 'invoke-model') return claudeBlocks;
  return converseAnswer(converseStopReason === undefined ? {} : { stopReason: converseStopReason });
}

function summaryOf({ stopReason, usage }: WrittenReply): AnswerSummary {
  return { id: 'fake', stopReason, usage };
}

/** The blocks of the answer, each with all of its parts. */
function blocksOf({ steps }: WrittenReply): readonly AnswerBlock[] {
  const blocks: AnswerBlock[] = [];
  for (const step of steps) {
    if (step.type !== 'content') continue;
    const { block, isNew } = step;
    const last = isNew ? undefined : blocks.pop();
    blocks.push(last?.type === 'text' && block.type === 'text' ? joinTexts(last, block) : block);
  }
  return blocks;
}

type TextBlock = Extract<AnswerBlock, { type: 'text' }>;

function joinTexts(first: TextBlock, second: TextBlock): TextBlock {
  const citations = [...(first.citations ?? []), ...(second.citations ?? [])];
  return {
    type: 'text',
    pieces: [...first.pieces, ...second.pieces],
    ...(citations.length > 0 && { citations }),
  };
}

function modelChunk(document: JsonDocument): Chunk {
  return { bytes: jsonBytes(document) };
}

function converseChunk(document: JsonDocument): Chunk {
  const members: readonly (readonly [string, JsonDocument])[] =
    typeof document === 'object' && !(document instanceof Uint8Array) ? Object.entries(document) : [];
  const [event, ...others] = members;
  if (event === undefined || others.length > 0) {
    throw new Error(
      'FakeInvoker: a chunk of a converse call is an object with one member, such as { messageStart: { role: "assistant" } }.',
    );
  }
  const [eventType, payload] = event;
  return { bytes: jsonBytes(payload), eventType };
}
