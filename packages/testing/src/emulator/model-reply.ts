import { randomUUID } from 'node:crypto';
import type { AnswerFormat, AnswerSummary } from '../answers/answer-format.js';
import { invocationMetrics } from '../answers/invocation-metrics.js';
import type { WholeAnswerFormat } from '../answers/whole-answers.js';
import { composeAnswer, countTokens, splitWords } from './compose-answer.js';
import { EmulatedException, exceptionReply } from './emulated-exception.js';
import type { HttpReply, ReplyPart } from './emulator-reply.js';
import { answerReply, streamReply } from './emulator-reply.js';
import type { EmulatorRequest } from './emulator-request.js';
import { encodeChunkFrame } from './encode-event-stream-frame.js';
import { familyOf } from './families/family-of.js';
import type { Prompt } from './families/model-family.js';

/** What the model that a request names answers, a word each `paceMs` milliseconds, or how Bedrock refuses the request. */
export function modelReply(request: EmulatorRequest, paceMs: number): HttpReply {
  if (request.target === undefined) {
    return exceptionReply(
      'UnknownOperationException',
      'The emulator plays InvokeModel (POST /model/{modelId}/invoke) and InvokeModelWithResponseStream ' +
        `(POST /model/{modelId}/invoke-with-response-stream). It does not support ${request.method} ${request.path}.`,
    );
  }
  try {
    const payload = parsePayload(request);
    const { answer: format, readPrompt } = familyOf(request.target.modelId, payload);
    const prompt = readPrompt(payload);
    const answer = write(prompt);
    if (request.target.operation === 'invoke') return whole(format, answer, paceMs);
    if (!('delta' in format)) {
      throw new EmulatedException('ValidationException', 'The model is unsupported for streaming.');
    }
    return prompt.isOneChunk ? streamWhole(format, answer, paceMs) : stream(format, answer, paceMs);
  } catch (error) {
    if (error instanceof EmulatedException) return exceptionReply(error.name, error.message);
    throw error;
  }
}

interface WrittenAnswer {
  readonly words: readonly string[];
  readonly summary: AnswerSummary;
}

function parsePayload(request: EmulatorRequest): Record<string, unknown> {
  try {
    const payload = request.json();
    if (typeof payload === 'object' && payload !== null && !Array.isArray(payload)) return { ...payload };
  } catch {
    // Refused below, like every other body that is no object.
  }
  throw new EmulatedException(
    'ValidationException',
    'Malformed input request, please reformat your input and try again.',
  );
}

function write({ text, inputTokens, maxTokens }: Prompt): WrittenAnswer {
  const words: string[] = [];
  let outputTokens = 0;
  const all = splitWords(composeAnswer(text));
  for (const word of all) {
    if (outputTokens + countTokens(word) > maxTokens) break;
    outputTokens += countTokens(word);
    words.push(word);
  }
  const stopReason = words.length < all.length ? 'length' : 'stop';
  return { words, summary: { id: randomUUID(), stopReason, usage: { inputTokens, outputTokens } } };
}

function whole(format: WholeAnswerFormat, { words, summary }: WrittenAnswer, paceMs: number): HttpReply {
  const latency = words.length * paceMs;
  return {
    ...answerReply(format.whole(words.join(''), summary), {
      'x-amzn-bedrock-input-token-count': String(summary.usage.inputTokens ?? 0),
      'x-amzn-bedrock-output-token-count': String(summary.usage.outputTokens ?? 0),
      'x-amzn-bedrock-invocation-latency': String(latency),
    }),
    headDelayMs: latency,
  };
}

function streamWhole(format: AnswerFormat, { words, summary }: WrittenAnswer, paceMs: number): HttpReply {
  const latency = words.length * paceMs;
  const metrics = invocationMetrics(summary, { invocationLatency: latency, firstByteLatency: latency });
  return {
    ...streamReply([encodeChunkFrame({ ...format.whole(words.join(''), summary), ...metrics })]),
    headDelayMs: latency,
  };
}

function stream(format: AnswerFormat, { words, summary }: WrittenAnswer, paceMs: number): HttpReply {
  const timing = { invocationLatency: words.length * paceMs, firstByteLatency: paceMs };
  function* parts(): Generator<ReplyPart> {
    for (const chunk of format.opening(summary)) yield encodeChunkFrame(chunk);
    for (const word of words) {
      if (paceMs > 0) yield { pauseMs: paceMs };
      yield encodeChunkFrame(format.delta(word));
    }
    for (const chunk of format.closing(summary, timing, words.join(''))) yield encodeChunkFrame(chunk);
  }
  return streamReply(parts());
}
