import type { ModelAnswer } from '../ports/model-invoker.js';
import { isJsonObject } from './json-object.js';
import type { Usage } from './model-event.js';
import { readUsage } from './usage.js';

const usageKeys = {
  inputTokens: 'input_tokens',
  outputTokens: 'output_tokens',
  cacheReadTokens: 'cache_read_input_tokens',
  cacheWriteTokens: 'cache_creation_input_tokens',
};

/** Answers over this size are pictures, not text: their counts are read from headers rather than by parsing megabytes. */
const largestParsed = 262_144;

/** The counts of a whole answer: those of its body, else those that Bedrock gave in headers. */
export function readAnswerUsage({ body, meta }: Pick<ModelAnswer, 'body' | 'meta'>): Usage {
  const reported: Usage = meta.reportedTokens ?? {};
  if (body.length > largestParsed) return reported;
  try {
    const answer: unknown = JSON.parse(new TextDecoder().decode(body));
    return { ...reported, ...(isJsonObject(answer) && readUsage(answer['usage'], usageKeys)) };
  } catch {
    return reported;
  }
}
