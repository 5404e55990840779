import { expect, it } from 'vitest';
import { claudeCompletions } from './claude-completions.js';

it('a completion is text, and may name a reason', () => {
  expect(claudeCompletions.read({ completion: ' Hi', stop_reason: null })).toEqual({
    content: [{ type: 'text-delta', text: ' Hi' }],
  });
  expect(claudeCompletions.read({ completion: '', stop_reason: 'max_tokens' })).toEqual({
    content: [],
    stopReason: 'max_tokens',
  });
});

it('a completion is known by its member, with or without a type', () => {
  expect(claudeCompletions.matches({ completion: '' })).toBe(true);
  expect(claudeCompletions.matches({ completions: [] })).toBe(false);
});
