import type { Usage } from '../ports/model-invoker.js';
import { readUsage } from './chunk-reading.js';
import { isJsonObject, type JsonObject, stringAt } from './json-object.js';

/** The keys that Bedrock adds to the chunks of any model. */
export interface BedrockKeys {
  readonly metrics: Usage | undefined;
  /** Whether the chunk has invocation metrics. Only a finished answer has them. */
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
 * Reads the keys of Bedrock in a chunk; undefined if there are none. `amazon-bedrock-trace` is ignored, because it holds the text before
 * a guardrail masked it.
 */
export function readBedrockKeys(chunk: JsonObject): BedrockKeys | undefined {
  const metrics = chunk[metricsKey];
  const guardrailAction = stringAt(chunk, guardrailKey);
  if (metrics === undefined && guardrailAction === undefined) return undefined;
  return { hasMetrics: isJsonObject(metrics), metrics: readUsage(metrics, usageKeys), guardrailAction };
}

/** Whether `action`, the guardrail action of Bedrock, reports an intervention. */
export function isIntervention(action: unknown): boolean {
  return action === 'INTERVENED';
}

/** Whether the chunk reports that a guardrail intervened. */
export function isIntervened(chunk: JsonObject): boolean {
  return isIntervention(chunk[guardrailKey]);
}

/** Whether Bedrock adds a key of this name to the chunks of any model. */
export function isBedrockKey(key: string): boolean {
  return key.startsWith(prefix);
}

/** Whether the chunk has only keys of Bedrock. */
export function isBedrockAlone(chunk: JsonObject): boolean {
  for (const key in chunk) if (!isBedrockKey(key)) return false;
  return true;
}
