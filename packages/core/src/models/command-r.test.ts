import { describe, expect, it } from 'vitest';
import { commandR } from './command-r.js';

const billed = { billed_units: { input_tokens: 4, output_tokens: 5 }, tokens: { input_tokens: 70, output_tokens: 6 } };

describe('commandR', () => {
  it('reads text only in text-generation events', () => {
    expect(commandR.read({ event_type: 'text-generation', text: 'Hi' })).toEqual({
      content: [{ type: 'text-delta', text: 'Hi' }],
    });
    expect(commandR.read({ event_type: 'search-results', text: 'no' })).toEqual({});
    expect(commandR.read({ event_type: 'stream-start', generation_id: 'g' })).toEqual({});
  });

  it('reads the stop reason of stream-end, or else of its response', () => {
    const response = { text: 'all again', finish_reason: 'MAX_TOKENS', meta: billed };
    const usage = { inputTokens: 4, outputTokens: 5 };
    expect(commandR.read({ event_type: 'stream-end', response })).toEqual({ stopReason: 'MAX_TOKENS', usage });
    expect(commandR.read({ event_type: 'stream-end', finish_reason: 'COMPLETE', response })).toEqual({
      stopReason: 'COMPLETE',
      usage,
    });
  });

  it('reads tool calls in one piece and in several', () => {
    const tool_calls = [{ name: 'tides', parameters: { day: 1 } }];
    expect(commandR.read({ event_type: 'tool-calls-generation', tool_calls }).content).toEqual([
      { type: 'tool-call-start', index: 0, id: '', name: 'tides' },
      { type: 'tool-call-delta', index: 0, arguments: '{"day":1}' },
    ]);
    const piece = (tool_call_delta: object) =>
      commandR.read({ event_type: 'tool-calls-chunk', tool_call_delta }).content;
    expect(piece({ index: 1, name: 'tides' })).toEqual([{ type: 'tool-call-start', index: 1, id: '', name: 'tides' }]);
    expect(piece({ index: 1, parameters: '{' })).toEqual([{ type: 'tool-call-delta', index: 1, arguments: '{' }]);
    expect(commandR.read({ event_type: 'tool-calls-chunk', text: 'I will' }).content).toEqual([]);
  });
});

it('commandR reads the billed tokens of a whole answer, or else all tokens', () => {
  const answer = { generation_id: 'g', text: 'Hi', finish_reason: 'COMPLETE' };
  expect(commandR.matches(answer)).toBe(true);
  expect(commandR.read({ ...answer, meta: billed })).toEqual({
    content: [{ type: 'text-delta', text: 'Hi' }],
    stopReason: 'COMPLETE',
    endsAnswer: true,
    usage: { inputTokens: 4, outputTokens: 5 },
  });
  expect(commandR.read({ ...answer, meta: { tokens: billed.tokens } }).usage).toEqual({
    inputTokens: 70,
    outputTokens: 6,
  });
});

it('commandR matches only a text with the id of its answer', () => {
  expect(commandR.matches({ text: 'Hi', is_finished: false })).toBe(false);
  expect(commandR.matches({ response_id: 'r' })).toBe(false);
});
