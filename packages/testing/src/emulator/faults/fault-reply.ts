import type { StreamFormat } from '../../answers/block-answer-format.js';
import { claudeBlocks } from '../../answers/claude-answer.js';
import { converseAnswer } from '../../answers/converse-answer.js';
import type { JsonDocument } from '../../answers/json-bytes.js';
import { composeAnswer, countTokens, splitWords } from '../compose-answer.js';
import { encodeConverseEvent } from '../converse/converse-reply.js';
import { exceptionReply } from '../emulated-exception.js';
import { type EmulatorReply, type ReplyPart, streamReply } from '../emulator-reply.js';
import type { EmulatorRequest } from '../emulator-request.js';
import { encodeChunkFrame, encodeConverseFrame } from '../encode-event-stream-frame.js';
import { type AnswerFrames, breakStream } from './break-stream.js';
import { callFaults, faultPositions, invokeFaults, readFault, streamFaults } from './fault-names.js';
import { refuseCall } from './refuse-call.js';

/** Plays the fault that the model id of a request selects, with any payload. Undefined if the id names a model. */
export function faultReply({ target }: EmulatorRequest, paceMs: number): EmulatorReply | undefined {
  const fault = target && readFault(target.modelId);
  if (target === undefined || fault === undefined) return undefined;
  if (fault === 'unknown') {
    return refuse(
      `The emulator knows no such fault. It plays emulator.<fault>[.<position>], where a fault is one of ` +
        `${[...callFaults, ...streamFaults].join(', ')}; a position, for the latter ${streamFaults.length}, one of ${faultPositions.join(', ')}.`,
    );
  }
  if (fault.kind === 'call') return refuseCall(fault.name);
  switch (target.operation) {
    case 'invoke-with-response-stream':
      return streamReply(inPace(breakStream(invokeFrames(), fault.name, fault.position), paceMs));
    case 'converse-stream':
      if (invokeFaults.has(fault.name)) return refuse(`${fault.name} is a fault that ConverseStream does not have.`);
      return streamReply(inPace(breakStream(converseFrames(), fault.name, fault.position), paceMs));
    case 'count-tokens':
      return refuse(`${fault.name} is a fault of streams, and CountTokens has none.`);
    default:
      return refuse(`${fault.name} is a fault of streams. Send the request with "stream": true.`);
  }
}

function refuse(message: string): EmulatorReply {
  return exceptionReply('ValidationException', message);
}

function invokeFrames(): AnswerFrames {
  return answerFrames(claudeBlocks.stream, encodeChunkFrame, encodeChunkFrame({ type: 'ping' }, 'a'));
}

function converseFrames(): AnswerFrames {
  return answerFrames(converseAnswer().stream, encodeConverseEvent, encodeConverseFrame('ping', {}, 'a'));
}

function answerFrames(
  format: StreamFormat,
  encode: (document: JsonDocument) => Uint8Array,
  idle: Uint8Array,
): AnswerFrames {
  const text = { type: 'text', pieces: splitWords(composeAnswer('Play a fault, please.')) } as const;
  const outputTokens = countTokens(text.pieces.join(''));
  const summary = { id: 'fault', stopReason: 'stop', usage: { inputTokens: 5, outputTokens } } as const;
  const { start, deltas, stop } = format.block(text, 0);
  const frames = (documents: readonly JsonDocument[]) => documents.map((document) => encode(document));
  const closing = format.closing(summary, { invocationLatency: 0, firstByteLatency: 0 }, [text]);
  return {
    opening: frames([...format.opening(summary), ...start]),
    text: frames(deltas),
    closing: frames([...stop, ...closing]),
    idle,
  };
}

function* inPace(parts: Iterable<ReplyPart>, paceMs: number): Generator<ReplyPart> {
  for (const part of parts) {
    if (paceMs > 0 && part instanceof Uint8Array && part.length > 1) yield { pauseMs: paceMs };
    yield part;
  }
}
