import { describe, expect, it } from 'vitest';
import { costOf } from './prices.js';
import { readProblem, readReport, readWholeText } from './read-report.js';

describe('readReport', () => {
  it.each([
    [
      { usage: { inputTokens: 1, outputTokens: 2 }, stopReason: 'end_turn' },
      { inputTokens: 1, outputTokens: 2, stopReason: 'end_turn' },
    ],
    [{ type: 'message_start', message: { usage: { input_tokens: 1 } } }, { inputTokens: 1 }],
    [
      { delta: { stop_reason: 'max_tokens' }, usage: { output_tokens: 2 } },
      { outputTokens: 2, stopReason: 'max_tokens' },
    ],
    [{ choices: [{ delta: {}, finish_reason: 'stop' }] }, { stopReason: 'stop' }],
    [
      { choices: [], usage: { prompt_tokens: 1, completion_tokens: 2 } },
      { inputTokens: 1, outputTokens: 2 },
    ],
    [
      { prompt_token_count: 1, generation_token_count: 2, stop_reason: 'stop' },
      { inputTokens: 1, outputTokens: 2, stopReason: 'stop' },
    ],
    [{ content: 'Hi' }, {}],
    ['[DONE]', {}],
  ])('reads %j', (value, report) => {
    expect(readReport(value)).toEqual(report);
  });
});

describe('readWholeText', () => {
  it.each([
    { output: { message: { content: [{ text: 'H' }, { text: 'i' }] } } },
    { content: [{ type: 'thinking' }, { type: 'text', text: 'Hi' }] },
    { choices: [{ message: { content: 'Hi' } }] },
    { choices: [{ text: 'Hi' }] },
    { generation: 'Hi' },
    { outputs: [{ text: 'Hi' }] },
  ])('reads %j', (value) => {
    expect(readWholeText(value)).toBe('Hi');
  });

  it('knows no text of other answers', () => {
    expect(readWholeText({ embedding: [1] })).toBeUndefined();
  });
});

describe('readProblem', () => {
  const message = 'Try again.';
  it.each([
    [{ error: { code: 'throttled', message, requestId: 'r' } }, { message, code: 'throttled', requestId: 'r' }],
    [
      { type: 'error', error: { type: 'rate_limit_error', message } },
      { message, code: 'rate_limit_error' },
    ],
    [{ message }, { message }],
    ['The connection failed.', { message: 'The connection failed.' }],
    [{ odd: true }, { message: '{"odd":true}' }],
  ])('reads %j', (value, problem) => {
    expect(readProblem(value)).toEqual(problem);
  });
});

describe('costOf', () => {
  it('is the list price of the counts', () => {
    expect(costOf('global.amazon.nova-2-lite-v1:0', { inputTokens: 1_000_000, outputTokens: 100_000 })).toBeCloseTo(
      0.55,
    );
  });

  it('is unknown without a price or counts', () => {
    expect(costOf('eu.amazon.nova-2-lite-v1:0', { inputTokens: 1, outputTokens: 1 })).toBeUndefined();
    expect(costOf('global.amazon.nova-2-lite-v1:0', { inputTokens: 1 })).toBeUndefined();
  });
});
