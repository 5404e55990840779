import { expect, it } from 'vitest';
import { textCompletions } from './text-completions.js';

const { claude: claudeCompletions } = textCompletions;

it('claudeCompletions reads text and the stop reason', () => {
  expect(claudeCompletions.read({ completion: ' Hi', stop_reason: null })).toEqual({
    content: [{ type: 'text-delta', text: ' Hi' }],
  });
  expect(claudeCompletions.read({ completion: '', stop_reason: 'max_tokens' })).toEqual({
    content: [],
    stopReason: 'max_tokens',
  });
});

it('claudeCompletions matches a chunk with completion', () => {
  expect(claudeCompletions.matches({ completion: '' })).toBe(true);
  expect(claudeCompletions.matches({ completions: [] })).toBe(false);
});
