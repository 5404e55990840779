import { expect, it } from 'vitest';
import { pegasus } from './pegasus.js';

it('a message is text, and stops for a reason that is not empty', () => {
  expect(pegasus.read({ message: 'A dog', stopReason: '' })).toEqual({
    content: [{ type: 'text-delta', text: 'A dog' }],
  });
  expect(pegasus.read({ message: '', stopReason: 'stop' })).toEqual({ content: [], stopReason: 'stop' });
  expect(pegasus.read({ message: 'A dog.', finishReason: 'length' }).stopReason).toBe('length');
});

it('a message without a reason, or that is no string, is of another family', () => {
  expect(pegasus.matches({ message: '', stopReason: '' })).toBe(true);
  expect(pegasus.matches({ message: '', finishReason: null })).toBe(true);
  expect(pegasus.matches({ message: 'Too many requests' })).toBe(false);
  expect(pegasus.matches({ message: { role: 'assistant' }, stopReason: '' })).toBe(false);
});
