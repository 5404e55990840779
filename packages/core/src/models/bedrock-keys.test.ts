import { describe, expect, it } from 'vitest';
import { isBedrockAlone, isIntervened, readBedrockKeys } from './bedrock-keys.js';

describe("Bedrock's keys", () => {
  it('are counts and what a guardrail did', () => {
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

  it('are not there in most chunks, nor in one with a trace alone', () => {
    expect(readBedrockKeys({ generation: 'Hi' })).toBeUndefined();
    expect(readBedrockKeys({ 'amazon-bedrock-trace': {} })).toBeUndefined();
  });

  it('are metrics only where they are an object, empty or not', () => {
    expect(readBedrockKeys({ 'amazon-bedrock-invocationMetrics': {} })).toMatchObject({ hasMetrics: true });
    expect(readBedrockKeys({ 'amazon-bedrock-invocationMetrics': null })).toMatchObject({ hasMetrics: false });
  });
});

it('a guardrail stepped in where its action says so', () => {
  expect(isIntervened({ 'amazon-bedrock-guardrailAction': 'INTERVENED' })).toBe(true);
  expect(isIntervened({ 'amazon-bedrock-guardrailAction': 'NONE' })).toBe(false);
  expect(isIntervened({})).toBe(false);
});

it('a chunk is Bedrock alone where every key is its own', () => {
  expect(isBedrockAlone({ 'amazon-bedrock-invocationMetrics': {}, 'amazon-bedrock-trace': {} })).toBe(true);
  expect(isBedrockAlone({ 'amazon-bedrock-invocationMetrics': {}, answer: '' })).toBe(false);
});
