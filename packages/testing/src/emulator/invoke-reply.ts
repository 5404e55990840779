import type { Usage } from '@bedrock-proxy/core';
import { invalid } from './emulated-exception.js';
import type { HttpReply } from './emulator-reply.js';
import { encodeChunkFrame } from './encode-event-stream-frame.js';
import { checkThroughput, familyOf } from './families/family-of.js';
import { parsePayload } from './payload.js';
import { playOneChunk, playStream, playWhole } from './play-answer.js';
import type { ModelCall } from './read-target.js';
import { writeAnswer } from './write-answer.js';

/** Plays InvokeModel and InvokeModelWithResponseStream in the format of the model's family. Throws an `EmulatedException`. */
export function invokeReply({ modelId, operation, body, paceMs, cache }: ModelCall): HttpReply {
  checkThroughput(modelId);
  const payload = parsePayload(body);
  if (payload === undefined) throw invalid('Malformed input request, please reformat your input and try again.');
  const { answer: format, readPrompt } = familyOf(modelId, payload);
  const prompt = readPrompt(payload);
  const answer = writeAnswer(prompt, cache.use(modelId, prompt.cachedPrefixes ?? []));
  if (operation === 'invoke') {
    const headersOf = (latency: number) => countHeaders(answer.summary.usage, latency);
    return playWhole(format, answer, paceMs, headersOf);
  }
  if (format.stream === undefined) throw invalid('The model is unsupported for streaming.');
  if (prompt.isOneChunk) return playOneChunk(format, answer, paceMs);
  return playStream(format.stream, answer, paceMs, encodeChunkFrame);
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
