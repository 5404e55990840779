import { expect, it } from 'vitest';
import { textCompletions } from './text-completions.js';

const { pegasus } = textCompletions;

it('pegasus reads text and a stop reason that is not empty', () => {
  expect(pegasus.read({ message: 'A dog', stopReason: '' })).toEqual({
    content: [{ type: 'text-delta', text: 'A dog' }],
  });
  expect(pegasus.read({ message: '', stopReason: 'stop' })).toEqual({ content: [], stopReason: 'stop' });
  expect(pegasus.read({ message: 'A dog.', finishReason: 'length' }).stopReason).toBe('length');
});

it('pegasus matches a message of any type, but only with a stop reason', () => {
  expect(pegasus.matches({ message: '', stopReason: '' })).toBe(true);
  expect(pegasus.matches({ message: '', finishReason: null })).toBe(true);
  expect(pegasus.matches({ message: 'Too many requests' })).toBe(false);
  expect(pegasus.matches({ message: { role: 'assistant' }, stopReason: '' })).toBe(true);
});
