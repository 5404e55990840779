import { describe, expect, it } from 'vitest';
import type { Usage } from '../ports/model-invoker.js';
import { readAnswerReport } from './read-answer-report.js';

const report = (body: string | object, reportedTokens?: Usage) =>
  readAnswerReport({
    body: new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body)),
    meta: { attempts: 1, ...(reportedTokens && { reportedTokens }) },
  });
const llama = { generation: 'Hi', prompt_token_count: 3, generation_token_count: 4, stop_reason: 'length' };

describe('the usage of a whole answer', () => {
  it('takes each counter from the body, or else from the headers', () => {
    expect(report(llama, { inputTokens: 90, outputTokens: 91, cacheReadTokens: 92 }).usage).toEqual({
      inputTokens: 3,
      outputTokens: 4,
      cacheReadTokens: 92,
    });
  });

  it('has the larger output count of the model and the metrics, and no zero over a count', () => {
    const metrics = { 'amazon-bedrock-invocationMetrics': { inputTokenCount: 0, outputTokenCount: 3 } };
    expect(report({ ...llama, ...metrics }).usage).toEqual({ inputTokens: 3, outputTokens: 4 });
    expect(report({ ...llama, generation_token_count: 0 }, { outputTokens: 8 }).usage.outputTokens).toBe(8);
  });

  it('prefers the metrics of Bedrock in the body', () => {
    expect(report({ ...llama, 'amazon-bedrock-invocationMetrics': { outputTokenCount: 5 } }).usage).toEqual({
      inputTokens: 3,
      outputTokens: 5,
    });
  });

  it.each([
    ['a body without counts', { outputs: [{ text: 'Hi', stop_reason: 'stop' }] }],
    ['a body of an unknown family', { answer: 'Hi' }],
    ['an image', { images: ['R0lG'] }],
    ['a body that is not JSON', '{'],
    ['a body that is not an object', '[1]'],
  ])('comes from the headers for %s', (_, body) => {
    expect(report(body, { inputTokens: 7, outputTokens: 8 }).usage).toEqual({ inputTokens: 7, outputTokens: 8 });
    expect(report(body).usage).toEqual({});
  });

  it('comes from the headers for a body over 256 KiB, which is not parsed', () => {
    const large = JSON.stringify({ ...llama, generation: 'x'.repeat(262_144) });
    expect(report(large, { inputTokens: 7 })).toEqual({ usage: { inputTokens: 7 } });
    expect(report({ ...llama, generation: 'x'.repeat(250_000) }, { inputTokens: 7 }).usage.inputTokens).toBe(3);
  });
});

describe('the stop reason of a whole answer', () => {
  it('is reported in neutral and native form', () => {
    expect(report(llama)).toMatchObject({ stopReason: 'length', nativeStopReason: 'length' });
    expect(report({ ...llama, stop_reason: 'something_new' })).toEqual({
      usage: { inputTokens: 3, outputTokens: 4 },
      nativeStopReason: 'something_new',
    });
  });

  it('is filter if a guardrail intervened', () => {
    expect(report({ ...llama, 'amazon-bedrock-guardrailAction': 'INTERVENED' })).toMatchObject({
      stopReason: 'filter',
      nativeStopReason: 'length',
      guardrailAction: 'INTERVENED',
    });
    expect(report({ ...llama, 'amazon-bedrock-guardrailAction': 'NONE' })).toMatchObject({
      stopReason: 'length',
      guardrailAction: 'NONE',
    });
  });
});
