import type { StreamFormat } from '../../answers/block-answer-format.js';
import type { JsonDocument } from '../../answers/json-bytes.js';
import { isRecord, membersOf, type Payload } from '../payload.js';
import type { JudgedAnswer } from './judge-answer.js';

const metricsKey = 'amazon-bedrock-invocationMetrics';

/** A whole answer of InvokeModel, as a guardrail leaves it. */
export function guardWhole(document: object, judged: JudgedAnswer): object {
  return withReport(judged.isInputBlocked ? withoutModel(document) : document, judged);
}

/**
 * A format whose chunks are as a guardrail leaves them. The last chunk reports the action; so does each chunk of Titan, and each delta of
 * Nova that the guardrail changed. A blocked prompt is answered by Llama and Titan in one chunk.
 */
export function guardStream(format: StreamFormat, judged: JudgedAnswer): StreamFormat {
  const { isInputBlocked } = judged;
  const guard = (documents: readonly JsonDocument[]) =>
    documents
      .filter(isRecord)
      .map((document) => withAction(isInputBlocked ? withoutModel(document) : document, judged));
  const isOneChunk = (delta: JsonDocument | undefined) =>
    isInputBlocked && isRecord(delta) && ('generation' in delta || 'outputText' in delta);
  const deltaOf = () => format.block({ type: 'text', pieces: ['x'] }, 0).deltas[0];
  return {
    opening: (summary) => (isOneChunk(deltaOf()) ? [] : guard(format.opening(summary))),
    block(block, index) {
      const { start, deltas, stop } = format.block(block, index);
      if (isOneChunk(deltas[0])) {
        return { start: [], deltas: guard(deltas).map((delta) => withReport(delta, judged)), stop: [] };
      }
      return { start: guard(start), deltas: guard(deltas), stop: guard(stop) };
    },
    closing(summary, timing, blocks) {
      if (isOneChunk(deltaOf())) return [];
      const documents = guard(format.closing(summary, timing, blocks));
      return [...documents.slice(0, -1), ...documents.slice(-1).map((last) => withReport(last, judged))];
    },
  };
}

function withReport(document: object, { action, trace }: JudgedAnswer): object {
  return { ...document, 'amazon-bedrock-guardrailAction': action, ...(trace && { 'amazon-bedrock-trace': trace }) };
}

function withAction(document: Payload, { action }: JudgedAnswer): Payload {
  const isReported = 'outputText' in document || ('contentBlockDelta' in document && action === 'INTERVENED');
  return isReported ? { ...document, 'amazon-bedrock-guardrailAction': action } : document;
}

/** What a guardrail says in the place of a model that was not asked: in the model's shape, without counts and metrics. */
function withoutModel(document: object): Payload {
  const { [metricsKey]: _, ...rest }: Payload = { ...document };
  if ('generation' in rest) return { generation: rest.generation };
  if ('outputText' in rest) return { outputText: rest.outputText, index: 0 };
  switch (rest.type) {
    case 'message':
      return { ...rest, id: guardrailId(rest.id), stop_reason: 'end_turn' };
    case 'message_start': {
      const message = membersOf(rest.message);
      return { ...rest, message: { ...message, id: guardrailId(message.id) } };
    }
    case 'message_delta':
      return { type: rest.type, delta: { ...membersOf(rest.delta), stop_reason: 'end_turn' } };
    default:
      return rest;
  }
}

function guardrailId(id: unknown): string {
  return String(id).replace(/^msg_bdrk_/, 'bedrock-guardrails-');
}
