import { expect, it } from 'vitest';
import { jurassic } from './jurassic.js';

it('a whole answer is its first completion', () => {
  const completion = { data: { text: '\nHi', tokens: [] }, finishReason: { reason: 'length', length: 10 } };
  expect(jurassic.read({ id: 1, completions: [completion, { data: { text: 'no' } }] })).toEqual({
    content: [{ type: 'text-delta', text: '\nHi' }],
    stopReason: 'length',
    endsAnswer: true,
  });
});

it('is known by a list of completions', () => {
  expect(jurassic.matches({ completions: [] })).toBe(true);
  expect(jurassic.matches({ completion: '' })).toBe(false);
});
