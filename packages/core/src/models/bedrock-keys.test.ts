import { describe, expect, it } from 'vitest';
import { isBedrockAlone, isIntervened, readBedrockKeys } from './bedrock-keys.js';

describe('readBedrockKeys', () => {
  it('reads the metrics and the guardrail action', () => {
    expect(
      readBedrockKeys({
        generation: '',
        'amazon-bedrock-invocationMetrics': {
          inputTokenCount: 1,
          outputTokenCount: 2,
          cacheReadInputTokenCount: 3,
          cacheWriteInputTokenCount: 4,
          invocationLatency: 5,
        },
        'amazon-bedrock-guardrailAction': 'NONE',
        'amazon-bedrock-trace': { guardrail: {} },
      }),
    ).toEqual({
      hasMetrics: true,
      metrics: { inputTokens: 1, outputTokens: 2, cacheReadTokens: 3, cacheWriteTokens: 4 },
      guardrailAction: 'NONE',
    });
  });

  it('returns undefined for a chunk without keys, or with only a trace', () => {
    expect(readBedrockKeys({ generation: 'Hi' })).toBeUndefined();
    expect(readBedrockKeys({ 'amazon-bedrock-trace': {} })).toBeUndefined();
  });

  it('finds metrics only if they are an object, even an empty one', () => {
    expect(readBedrockKeys({ 'amazon-bedrock-invocationMetrics': {} })).toMatchObject({ hasMetrics: true });
    expect(readBedrockKeys({ 'amazon-bedrock-invocationMetrics': null })).toMatchObject({ hasMetrics: false });
  });
});

it('isIntervened accepts only the action INTERVENED', () => {
  expect(isIntervened({ 'amazon-bedrock-guardrailAction': 'INTERVENED' })).toBe(true);
  expect(isIntervened({ 'amazon-bedrock-guardrailAction': 'NONE' })).toBe(false);
  expect(isIntervened({})).toBe(false);
});

it('isBedrockAlone accepts a chunk only if all its keys are keys of Bedrock', () => {
  expect(isBedrockAlone({ 'amazon-bedrock-invocationMetrics': {}, 'amazon-bedrock-trace': {} })).toBe(true);
  expect(isBedrockAlone({ 'amazon-bedrock-invocationMetrics': {}, answer: '' })).toBe(false);
});
