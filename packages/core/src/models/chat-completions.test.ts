import { describe, expect, it } from 'vitest';
import { chatCompletions } from './chat-completions.js';

const read = (choice: object, more: object = {}) => chatCompletions.read({ choices: [choice], ...more });
const text = (value: string) => [{ type: 'text-delta', text: value }];

describe('a choice', () => {
  it.each([
    ['delta.content', { delta: { content: 'Hi' }, message: { content: 'no' }, text: 'no' }],
    ['message.content', { delta: { content: null }, message: { content: 'Hi' }, text: 'no' }],
    ['text', { text: 'Hi', delta: {} }],
  ])('has its text in %s', (_, choice) => {
    expect(read(choice).content).toEqual(text('Hi'));
  });

  it('has no text if the first string is empty, even if another one follows', () => {
    expect(read({ delta: { content: '' }, message: { content: 'all of it again' } }).content).toEqual([]);
  });

  it('may have a list of parts as its text', () => {
    const parts = [
      { type: 'thinking', thinking: [{ type: 'text', text: 'hm' }] },
      { type: 'text', text: 'Hi' },
    ];
    const expected = [{ type: 'reasoning-delta', text: 'hm' }, ...text('Hi')];
    expect(read({ delta: { content: parts } })).toEqual({ content: expected });
    expect(read({ message: { content: parts }, text: 'no' }).content).toEqual(expected);
    expect(read({ delta: { content: 7 }, text: parts }).content).toEqual(expected);
  });

  it('has unread text if its field has another type', () => {
    expect(read({ delta: { content: { text: 'Hi' } } })).toEqual({ content: [], hasUnreadText: true });
    const call = { index: 0, id: 'c', function: { name: 'f', arguments: '' } };
    expect(read({ delta: { content: 7, tool_calls: [call] } })).toMatchObject({ hasUnreadText: true });
    expect(read({ delta: { content: null } })).toEqual({ content: [] });
  });

  it('is not read if its index is negative', () => {
    expect(chatCompletions.read({ choices: [{ index: -1, text: 'no', finish_reason: 'stop' }] })).toEqual({});
  });

  it('is read only if its index is 0', () => {
    const choices = [
      { index: 1, text: 'no', finish_reason: 'stop' },
      { index: 0, text: 'Hi' },
    ];
    expect(chatCompletions.read({ choices })).toEqual({ content: text('Hi') });
    expect(chatCompletions.read({ choices: choices.slice(0, 1) })).toEqual({});
  });

  it.each([
    [{ finish_reason: 'stop', stop_reason: 518 }, 'stop'],
    [{ finish_reason: null, stop_reason: 'length' }, 'length'],
    [{ finish_reason: 'stop', stop_reason: '\n\n' }, 'stop'],
    [{ finish_reason: '', stop_reason: '' }, undefined],
    [{ finish_reason: null, stop_reason: 518 }, undefined],
  ])('with %j has the stop reason %s', (choice, reason) => {
    expect(read(choice).stopReason).toBe(reason);
  });

  it.each(['reasoning_content', 'reasoning'])('has its reasoning in %s, before its text', (key) => {
    expect(read({ delta: { [key]: 'hm', content: 'Hi' } }).content).toEqual([
      { type: 'reasoning-delta', text: 'hm' },
      ...text('Hi'),
    ]);
  });

  it('has its reasoning once if both fields hold it', () => {
    expect(read({ delta: { reasoning_content: 'hm', reasoning: 'hm' } }).content).toHaveLength(1);
  });

  it('has tool calls in pieces', () => {
    const calls = (...pieces: unknown[]) => read({ delta: { tool_calls: pieces } }).content;
    expect(calls({ index: 2, id: 'c', function: { name: 'tides', arguments: '' } })).toEqual([
      { type: 'tool-call-start', index: 2, id: 'c', name: 'tides' },
    ]);
    expect(calls({ index: 2, function: { arguments: '{"a":' } })).toEqual([
      { type: 'tool-call-delta', index: 2, arguments: '{"a":' },
    ]);
    expect(calls(null, { index: 0 })).toEqual([]);
  });

  it('has whole tool calls, numbered by their position', () => {
    const call = (name: string) => ({ id: name, function: { name, arguments: '{}' } });
    expect(read({ message: { content: '', tool_calls: [call('a'), call('b')] } }).content).toEqual([
      { type: 'tool-call-start', index: 0, id: 'a', name: 'a' },
      { type: 'tool-call-delta', index: 0, arguments: '{}' },
      { type: 'tool-call-start', index: 1, id: 'b', name: 'b' },
      { type: 'tool-call-delta', index: 1, arguments: '{}' },
    ]);
  });
});

describe('usage', () => {
  it('is read with a choice and without one', () => {
    const usage = { prompt_tokens: 5, completion_tokens: 6, total_tokens: 11 };
    expect(read({ text: '' }, { usage }).usage).toEqual({ inputTokens: 5, outputTokens: 6 });
    expect(chatCompletions.read({ choices: [], usage })).toEqual({ usage: { inputTokens: 5, outputTokens: 6 } });
    expect(chatCompletions.read({ choices: [], usage: null })).toEqual({});
  });

  it('excludes cached tokens from the input tokens', () => {
    const usage = { prompt_tokens: 50, completion_tokens: 6, prompt_tokens_details: { cached_tokens: 40 } };
    expect(read({}, { usage }).usage).toEqual({ inputTokens: 10, outputTokens: 6, cacheReadTokens: 40 });
  });
});

it('chatCompletions matches only a list of choices', () => {
  expect(chatCompletions.matches({ choices: [] })).toBe(true);
  expect(chatCompletions.matches({ choices: {} })).toBe(false);
});
