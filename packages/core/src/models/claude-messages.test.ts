import { describe, expect, it } from 'vitest';
import { claudeMessages } from './claude-messages.js';

const delta = (fields: object, index?: unknown) =>
  claudeMessages.read({ type: 'content_block_delta', index, delta: fields }).content;
const block = (fields: object) =>
  claudeMessages.read({ type: 'content_block_start', index: 3, content_block: fields }).content;

describe('claudeMessages', () => {
  it.each([
    'message_start',
    'content_block_start',
    'content_block_delta',
    'content_block_stop',
    'message_delta',
    'message_stop',
    'ping',
    'error',
    'message',
  ])('matches a chunk of type %s', (type) => {
    expect(claudeMessages.matches({ type })).toBe(true);
  });

  it('does not match another type', () => {
    expect(claudeMessages.matches({ type: 'completion', completion: '' })).toBe(false);
    expect(claudeMessages.matches({})).toBe(false);
  });

  it('reads text, reasoning, citations and tool arguments in deltas', () => {
    expect(delta({ type: 'text_delta', text: 'Hi' })).toEqual([{ type: 'text-delta', text: 'Hi', index: 0 }]);
    expect(delta({ type: 'thinking_delta', thinking: 'hm' }, 1)).toEqual([
      { type: 'reasoning-delta', text: 'hm', index: 1 },
    ]);
    expect(delta({ type: 'signature_delta', signature: 'c2ln' }, 1)).toEqual([
      { type: 'reasoning-signature', index: 1, signature: 'c2ln' },
    ]);
    expect(delta({ type: 'citations_delta', citation: { title: 'a' } }, 2)).toEqual([
      { type: 'citation', index: 2, value: { title: 'a' } },
    ]);
    expect(delta({ type: 'input_json_delta', partial_json: '{"a' }, 2)).toEqual([
      { type: 'tool-call-delta', index: 2, arguments: '{"a' },
    ]);
  });

  it('reads nothing in an empty, unknown or missing delta', () => {
    expect(delta({ type: 'text_delta', text: '' })).toEqual([]);
    expect(delta({ type: 'signature_delta', signature: '' })).toEqual([]);
    expect(delta({ type: 'citations_delta' })).toEqual([]);
    expect(delta({ type: 'compaction_delta', text: 'no' })).toEqual([]);
    expect(claudeMessages.read({ type: 'content_block_delta' }).content).toEqual([]);
  });

  it.each(['tool_use', 'server_tool_use'])('reads the start of a tool call in a block of type %s', (type) => {
    expect(block({ type, id: 'toolu_1', name: 'tides', input: {} })).toEqual([
      { type: 'tool-call-start', index: 3, id: 'toolu_1', name: 'tides' },
    ]);
  });

  it('reads text and encrypted reasoning at the start of a block, and skips other blocks', () => {
    expect(block({ type: 'text', text: 'I ' })).toEqual([{ type: 'text-delta', text: 'I ', index: 3 }]);
    expect(block({ type: 'redacted_thinking', data: 'aGlk', text: 'no' })).toEqual([
      { type: 'reasoning-redacted', index: 3, data: 'aGlk' },
    ]);
    expect(block({ type: 'compaction', text: 'no' })).toEqual([]);
    expect(claudeMessages.read({ type: 'content_block_start' }).content).toEqual([]);
  });

  it('reads usage in message_start and message_delta', () => {
    const usage = { input_tokens: 5, output_tokens: 1, cache_read_input_tokens: 7, cache_creation_input_tokens: 9 };
    expect(claudeMessages.read({ type: 'message_start', message: { usage } }).usage).toEqual({
      inputTokens: 5,
      outputTokens: 1,
      cacheReadTokens: 7,
      cacheWriteTokens: 9,
    });
    expect(
      claudeMessages.read({ type: 'message_delta', delta: { stop_reason: 'refusal' }, usage: { output_tokens: 8 } }),
    ).toEqual({ stopReason: 'refusal', usage: { outputTokens: 8 } });
  });

  it('reads no stop reason if it is null or missing', () => {
    expect(claudeMessages.read({ type: 'message_delta', delta: { stop_reason: null } }).stopReason).toBeUndefined();
    expect(claudeMessages.read({ type: 'message_delta' })).toEqual({});
  });

  it('ends the answer only with message_stop', () => {
    expect(claudeMessages.read({ type: 'message_stop' })).toEqual({ endsAnswer: true });
    expect(claudeMessages.read({ type: 'content_block_stop', index: 0 })).toEqual({});
    expect(claudeMessages.read({ type: 'ping' })).toEqual({});
  });

  it('marks the output count of message_start as a first estimate', () => {
    const usage = { input_tokens: 5, output_tokens: 1 };
    expect(claudeMessages.read({ type: 'message_start', message: { usage } }).isFirstUsage).toBe(true);
    expect(claudeMessages.read({ type: 'message_delta', usage }).isFirstUsage).toBeUndefined();
  });

  it('reads the tokens that are cached for an hour apart', () => {
    const cache_creation = { ephemeral_5m_input_tokens: 2, ephemeral_1h_input_tokens: 7 };
    const usage = { cache_creation_input_tokens: 9, cache_creation };
    const expected = { cacheWriteTokens: 9, cacheWrite1hTokens: 7 };
    expect(claudeMessages.read({ type: 'message_start', message: { usage } }).usage).toEqual(expected);
    expect(claudeMessages.read({ type: 'message', content: [], usage }).usage).toEqual(expected);
  });

  it('reads lists of parts in place of a text', () => {
    const parts = [{ type: 'text', text: 'Hi' }];
    const expected = [{ type: 'text-delta', text: 'Hi', index: 0 }];
    expect(delta({ type: 'text_delta', text: parts }, 0)).toEqual(expected);
    expect(claudeMessages.read({ type: 'message', content: [{ type: 'text', text: parts }] }).content).toEqual(
      expected,
    );
    expect(claudeMessages.read({ type: 'message', content: 'Hi' }).content).toEqual(expected);
  });
});

it('claudeMessages reads a whole message block by block', () => {
  expect(
    claudeMessages.read({
      type: 'message',
      content: [
        { type: 'thinking', thinking: 'hm', signature: 'c2ln' },
        { type: 'text', text: 'Hi', citations: [{ title: 'a' }, null] },
        { type: 'redacted_thinking', data: 'aGlk' },
        { type: 'tool_use', id: 'toolu_1', name: 'tides', input: { day: 1 } },
        { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: {} },
      ],
      stop_reason: 'tool_use',
      usage: { input_tokens: 5, output_tokens: 6 },
    }),
  ).toEqual({
    content: [
      { type: 'reasoning-delta', text: 'hm', index: 0 },
      { type: 'reasoning-signature', index: 0, signature: 'c2ln' },
      { type: 'text-delta', text: 'Hi', index: 1 },
      { type: 'citation', index: 1, value: { title: 'a' } },
      { type: 'reasoning-redacted', index: 2, data: 'aGlk' },
      { type: 'tool-call-start', index: 3, id: 'toolu_1', name: 'tides' },
      { type: 'tool-call-delta', index: 3, arguments: '{"day":1}' },
      { type: 'tool-call-start', index: 4, id: 'srvtoolu_1', name: 'web_search' },
      { type: 'tool-call-delta', index: 4, arguments: '{}' },
    ],
    stopReason: 'tool_use',
    endsAnswer: true,
    usage: { inputTokens: 5, outputTokens: 6 },
  });
});

it('claudeMessages matches a whole message without a type by its fields', () => {
  const content = [{ type: 'text', text: 'Hi' }];
  const message = { content, stop_reason: 'tool_use', usage: { input_tokens: 3, output_tokens: 4 } };
  expect(claudeMessages.matches(message)).toBe(true);
  expect(claudeMessages.read(message)).toEqual({
    content: [{ type: 'text-delta', text: 'Hi', index: 0 }],
    stopReason: 'tool_use',
    endsAnswer: true,
    usage: { inputTokens: 3, outputTokens: 4 },
  });
  expect(claudeMessages.matches({ content, usage: {} })).toBe(true);
  expect(claudeMessages.matches({ content, stop_reason: null })).toBe(true);
  for (const other of [{ content }, { content: 'Hi', usage: {} }, { ...message, type: 'answer' }, { usage: {} }]) {
    expect(claudeMessages.matches(other)).toBe(false);
  }
});

it('claudeMessages skips other blocks of a whole message', () => {
  const message = { type: 'message', content: [{ type: 'web_search_tool_result', content: [] }] };
  expect(claudeMessages.read(message).content).toEqual([]);
});
