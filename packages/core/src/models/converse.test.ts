import { describe, expect, it } from 'vitest';
import { converse } from './converse.js';

const delta = (fields: object) => converse.read({ contentBlockDelta: { delta: fields, contentBlockIndex: 4 } }).content;

describe('converse', () => {
  it.each(['messageStart', 'contentBlockStart', 'contentBlockDelta', 'contentBlockStop', 'messageStop'])(
    'matches a chunk with %s',
    (member) => {
      expect(converse.matches({ [member]: {} })).toBe(true);
    },
  );

  it('matches metadata only if it has usage or metrics', () => {
    expect(converse.matches({ metadata: { usage: {} } })).toBe(true);
    expect(converse.matches({ metadata: { metrics: {} } })).toBe(true);
    expect(converse.matches({ metadata: {}, choices: [] })).toBe(false);
    expect(converse.matches({ metadata: null })).toBe(false);
    expect(converse.matches({ output: 'text' })).toBe(false);
  });

  it('reads text, reasoning, citations and tool arguments in deltas', () => {
    expect(delta({ text: 'Hi' })).toEqual([{ type: 'text-delta', text: 'Hi', index: 4 }]);
    expect(delta({ reasoningContent: { text: 'hm' } })).toEqual([{ type: 'reasoning-delta', text: 'hm', index: 4 }]);
    expect(delta({ reasoningContent: { signature: 'c2ln' } })).toEqual([
      { type: 'reasoning-signature', index: 4, signature: 'c2ln' },
    ]);
    expect(delta({ reasoningContent: { redactedContent: 'aGlk' } })).toEqual([
      { type: 'reasoning-redacted', index: 4, data: 'aGlk' },
    ]);
    expect(delta({ citation: { title: 'a' } })).toEqual([{ type: 'citation', index: 4, value: { title: 'a' } }]);
    expect(delta({ toolUse: { input: '{}' } })).toEqual([{ type: 'tool-call-delta', index: 4, arguments: '{}' }]);
  });

  it('reads nothing in an empty or unknown delta, or in the result of a server tool', () => {
    expect(delta({ reasoningContent: { signature: '' } })).toEqual([]);
    expect(delta({ reasoningContent: { other: 'x' } })).toEqual([]);
    expect(delta({ reasoningContent: null })).toEqual([]);
    expect(delta({ citation: 'no' })).toEqual([]);
    expect(delta({ image: {} })).toEqual([]);
    expect(delta({ toolResult: [{ text: 'no' }] })).toEqual([]);
    expect(delta({ toolUse: { input: '' } })).toEqual([]);
    expect(converse.read({ contentBlockDelta: null }).content).toEqual([]);
    expect(converse.read({ contentBlockDelta: {} }).content).toEqual([]);
  });

  it('reads only a tool call at the start of a block', () => {
    const start = (fields: object) =>
      converse.read({ contentBlockStart: { start: fields, contentBlockIndex: 2 } }).content;
    expect(start({ toolUse: { toolUseId: 't', name: 'tides' } })).toEqual([
      { type: 'tool-call-start', index: 2, id: 't', name: 'tides' },
    ]);
    expect(start({ toolResult: { toolUseId: 't' } })).toEqual([]);
    expect(converse.read({ contentBlockStart: {} }).content).toEqual([]);
    expect(converse.read({ contentBlockStart: null }).content).toEqual([]);
  });

  it('ends the answer with messageStop, with or without a stop reason', () => {
    expect(converse.read({ messageStop: { stopReason: 'tool_use' } })).toEqual({
      endsAnswer: true,
      stopReason: 'tool_use',
    });
    expect(converse.read({ messageStop: {} })).toEqual({ endsAnswer: true });
    expect(converse.read({ contentBlockStop: {} }).endsAnswer).toBeUndefined();
  });

  it.each([
    ['Nova', { cacheReadInputTokenCount: 3, cacheWriteInputTokenCount: 4 }],
    ['Converse', { cacheReadInputTokens: 3, cacheWriteInputTokens: 4 }],
    [
      'both',
      { cacheReadInputTokens: 3, cacheReadInputTokenCount: 9, cacheWriteInputTokens: 4, cacheWriteInputTokenCount: 9 },
    ],
  ])('reads the cache counters of %s', (_, caches) => {
    expect(
      converse.read({ metadata: { usage: { inputTokens: 1, outputTokens: 2, totalTokens: 3, ...caches } } }).usage,
    ).toEqual({
      inputTokens: 1,
      outputTokens: 2,
      cacheReadTokens: 3,
      cacheWriteTokens: 4,
    });
  });
});

it('converse reads a whole answer block by block', () => {
  expect(
    converse.read({
      output: {
        message: {
          content: [
            { reasoningContent: { reasoningText: { text: 'hm', signature: 'c2ln' } } },
            { reasoningContent: { redactedContent: 'aGlk' } },
            { text: 'Hi' },
            { toolUse: { toolUseId: 't', name: 'tides', input: {} } },
            { citationsContent: { content: [{ text: 'so' }], citations: [{ title: 'a' }] } },
          ],
        },
      },
      stopReason: 'tool_use',
      usage: { inputTokens: 1, outputTokens: 2 },
    }),
  ).toEqual({
    content: [
      { type: 'reasoning-delta', text: 'hm', index: 0 },
      { type: 'reasoning-signature', index: 0, signature: 'c2ln' },
      { type: 'reasoning-redacted', index: 1, data: 'aGlk' },
      { type: 'text-delta', text: 'Hi', index: 2 },
      { type: 'tool-call-start', index: 3, id: 't', name: 'tides' },
      { type: 'tool-call-delta', index: 3, arguments: '{}' },
      { type: 'text-delta', text: 'so', index: 4 },
      { type: 'citation', index: 4, value: { title: 'a' } },
    ],
    stopReason: 'tool_use',
    endsAnswer: true,
    usage: { inputTokens: 1, outputTokens: 2 },
  });
});

it('converse reads the tokens that are cached for an hour apart', () => {
  const cacheDetails = [{ ttl: '1h', inputTokens: 5 }, { ttl: '5m', inputTokens: 9 }, { ttl: '1h', inputTokens: 2 }, 7];
  const usage = { cacheWriteInputTokens: 16, cacheDetails };
  const expected = { cacheWriteTokens: 16, cacheWrite1hTokens: 7 };
  expect(converse.read({ metadata: { usage } }).usage).toEqual(expected);
  expect(converse.read({ output: { message: { content: [] } }, usage }).usage).toEqual(expected);
  expect(
    converse.read({ metadata: { usage: { cacheDetails: [{ ttl: '5m', inputTokens: 9 }] } } }).usage,
  ).toBeUndefined();
});

it('converse reads lists of parts in place of a text, and reports other types', () => {
  const parts = [{ type: 'text', text: 'Hi' }];
  const content = [{ type: 'text-delta', text: 'Hi', index: 0 }];
  expect(converse.read({ contentBlockDelta: { delta: { text: parts } } })).toEqual({ content });
  expect(converse.read({ output: { message: { content: [{ text: parts }] } } }).content).toEqual(content);
  expect(converse.read({ contentBlockDelta: { delta: { text: 7 } } })).toEqual({ content: [], hasUnreadText: true });
  expect(converse.read({ output: { message: { content: [{ text: 7 }] } } })).toMatchObject({ hasUnreadText: true });
});
