import type { Usage } from '../ports/model-invoker.js';
import { readUsage } from './chunk-reading.js';
import { isJsonObject, type JsonObject, stringAt } from './json-object.js';

/** What Bedrock itself adds to the chunks of any model. */
export interface BedrockKeys {
  readonly metrics: Usage | undefined;
  /** Whether the chunk carries invocation metrics, which only a finished answer has. */
  readonly hasMetrics: boolean;
  readonly guardrailAction: string | undefined;
}

const metricsKey = 'amazon-bedrock-invocationMetrics';
const guardrailKey = 'amazon-bedrock-guardrailAction';
const prefix = 'amazon-bedrock-';

const usageKeys = {
  inputTokens: 'inputTokenCount',
  outputTokens: 'outputTokenCount',
  cacheReadTokens: 'cacheReadInputTokenCount',
  cacheWriteTokens: 'cacheWriteInputTokenCount',
};

/**
 * Reads Bedrock's keys of a chunk; undefined where it has none. `amazon-bedrock-trace` holds text from before a guardrail masked it,
 * and is left alone.
 */
export function readBedrockKeys(chunk: JsonObject): BedrockKeys | undefined {
  const metrics = chunk[metricsKey];
  const guardrailAction = stringAt(chunk, guardrailKey);
  if (metrics === undefined && guardrailAction === undefined) return undefined;
  return { hasMetrics: isJsonObject(metrics), metrics: readUsage(metrics, usageKeys), guardrailAction };
}

/** Whether a guardrail stepped in, as far as `action`, Bedrock's own word, says. */
export function isIntervention(action: unknown): boolean {
  return action === 'INTERVENED';
}

/** Whether the chunk says that a guardrail stepped in. */
export function isIntervened(chunk: JsonObject): boolean {
  return isIntervention(chunk[guardrailKey]);
}

/** Whether the chunk holds nothing of the model's own. */
export function isBedrockAlone(chunk: JsonObject): boolean {
  for (const key in chunk) if (!key.startsWith(prefix)) return false;
  return true;
}
