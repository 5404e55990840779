import type { Usage } from '@bedrock-proxy/core';
import { invalid } from './emulated-exception.js';
import type { HttpReply } from './emulator-reply.js';
import { encodeChunkFrame } from './encode-event-stream-frame.js';
import { checkThroughput, familyOf } from './families/family-of.js';
import { guardStream, guardWhole } from './guardrails/guard-documents.js';
import { configKey, invokeGuardrail } from './guardrails/guardrail-call.js';
import { judgeAnswer } from './guardrails/judge-answer.js';
import { parsePayload } from './payload.js';
import { playOneChunk, playStream, playWhole } from './play-answer.js';
import type { ModelCall } from './read-target.js';
import { writeAnswer } from './write-answer.js';

/** Plays InvokeModel and InvokeModelWithResponseStream in the format of the model's family. Throws an `EmulatedException`. */
export function invokeReply({ modelId, operation, body, headers, paceMs, cache }: ModelCall): HttpReply {
  checkThroughput(modelId);
  const sent = parsePayload(body);
  if (sent === undefined) throw invalid('Malformed input request, please reformat your input and try again.');
  const guardrail = invokeGuardrail(headers, sent);
  const { [configKey]: _, ...payload } = sent;
  const { answer: format, readPrompt } = familyOf(modelId, payload);
  const prompt = readPrompt(payload);
  const written = writeAnswer(prompt, cache.use(modelId, prompt.cachedPrefixes ?? []));
  const isStreamed = operation !== 'invoke';
  const judged = guardrail && judgeAnswer(prompt.text, written, guardrail, isStreamed);
  const answer = judged ?? written;
  const guarded = judged
    ? { ...format, whole: (...facts: Parameters<typeof format.whole>) => guardWhole(format.whole(...facts), judged) }
    : format;
  if (!isStreamed) {
    const headersOf = (latency: number) => (judged?.isInputBlocked ? {} : countHeaders(answer.summary.usage, latency));
    return playWhole(guarded, answer, paceMs, headersOf);
  }
  if (format.stream === undefined) throw invalid('The model is unsupported for streaming.');
  if (prompt.isOneChunk) return playOneChunk(guarded, answer, paceMs);
  return playStream(judged ? guardStream(format.stream, judged) : format.stream, answer, paceMs, encodeChunkFrame);
}

function countHeaders(usage: Usage, latency: number): Readonly<Record<string, string>> {
  const { inputTokens = 0, outputTokens = 0, cacheReadTokens, cacheWriteTokens } = usage;
  return {
    'x-amzn-bedrock-input-token-count': String(inputTokens),
    'x-amzn-bedrock-output-token-count': String(outputTokens),
    'x-amzn-bedrock-invocation-latency': String(latency),
    ...(cacheReadTokens !== undefined && { 'x-amzn-bedrock-cache-read-input-token-count': String(cacheReadTokens) }),
    ...(cacheWriteTokens !== undefined && { 'x-amzn-bedrock-cache-write-input-token-count': String(cacheWriteTokens) }),
  };
}
