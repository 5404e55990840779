import { claudeAnswer } from '../../answers/claude-answer.js';
import { composeAnswer, countTokens, splitWords } from '../compose-answer.js';
import { exceptionReply } from '../emulated-exception.js';
import type { EmulatorReply, ReplyPart } from '../emulator-reply.js';
import { streamReply } from '../emulator-reply.js';
import type { EmulatorRequest } from '../emulator-request.js';
import { encodeChunkFrame } from '../encode-event-stream-frame.js';
import { type AnswerFrames, breakStream } from './break-stream.js';
import { callFaults, faultPositions, readFault, streamFaults } from './fault-names.js';
import { refuseCall } from './refuse-call.js';

/** The fault that a request asks for by its model id, whatever its payload is; undefined where it names a model. */
export function faultReply({ target }: EmulatorRequest, paceMs: number): EmulatorReply | undefined {
  const fault = target && readFault(target.modelId);
  if (target === undefined || fault === undefined) return undefined;
  if (fault === 'unknown') {
    return exceptionReply(
      'ValidationException',
      `The emulator knows no such fault. It plays emulator.<fault>[.<position>], where a fault is one of ` +
        `${[...callFaults, ...streamFaults].join(', ')}; a position, for the latter ${streamFaults.length}, one of ${faultPositions.join(', ')}.`,
    );
  }
  if (fault.kind === 'call') return refuseCall(fault.name);
  if (target.operation === 'invoke') {
    return exceptionReply(
      'ValidationException',
      `${fault.name} is a fault of streams. Send the request with "stream": true.`,
    );
  }
  return streamReply(inPace(breakStream(answerFrames(), fault.name, fault.position), paceMs));
}

function answerFrames(): AnswerFrames {
  const words = splitWords(composeAnswer('Play a fault, please.'));
  const outputTokens = countTokens(words.join(''));
  const summary = { id: 'fault', stopReason: 'stop', usage: { inputTokens: 5, outputTokens } } as const;
  const timing = { invocationLatency: 0, firstByteLatency: 0 };
  const encode = (documents: readonly object[]) => documents.map((document) => encodeChunkFrame(document));
  return {
    opening: encode(claudeAnswer.opening(summary)),
    text: encode(words.map(claudeAnswer.delta)),
    closing: encode(claudeAnswer.closing(summary, timing)),
  };
}

function* inPace(parts: Iterable<ReplyPart>, paceMs: number): Generator<ReplyPart> {
  for (const part of parts) {
    if (paceMs > 0 && part instanceof Uint8Array && part.length > 1) yield { pauseMs: paceMs };
    yield part;
  }
}
