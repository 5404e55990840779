import { type JsonObject, stringAt } from './json-object.js';
import type { Usage } from './model-event.js';
import { readUsage } from './usage.js';

/** What Bedrock itself adds to the chunks of any model. */
export interface BedrockKeys {
  readonly metrics?: Usage;
  /** Whether the chunk carries invocation metrics, which only a finished answer has. */
  readonly hasMetrics: boolean;
  readonly guardrailAction?: string;
}

const metricsKey = 'amazon-bedrock-invocationMetrics';

const usageKeys = {
  inputTokens: 'inputTokenCount',
  outputTokens: 'outputTokenCount',
  cacheReadTokens: 'cacheReadInputTokenCount',
  cacheWriteTokens: 'cacheWriteInputTokenCount',
};

/** Reads Bedrock's keys of a chunk. `amazon-bedrock-trace` holds unmasked text and is left alone. */
export function readBedrockKeys(chunk: JsonObject): BedrockKeys {
  const metrics = readUsage(chunk[metricsKey], usageKeys);
  const guardrailAction = stringAt(chunk, 'amazon-bedrock-guardrailAction');
  return {
    hasMetrics: metricsKey in chunk,
    ...(metrics && { metrics }),
    ...(guardrailAction && { guardrailAction }),
  };
}
