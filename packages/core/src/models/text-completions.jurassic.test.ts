import { expect, it } from 'vitest';
import { textCompletions } from './text-completions.js';

const { jurassic } = textCompletions;

it('jurassic reads the first completion of a whole answer', () => {
  const completion = { data: { text: '\nHi', tokens: [] }, finishReason: { reason: 'length', length: 10 } };
  expect(jurassic.read({ id: 1, completions: [completion, { data: { text: 'no' } }] })).toEqual({
    content: [{ type: 'text-delta', text: '\nHi' }],
    stopReason: 'length',
    endsAnswer: true,
  });
});

it('jurassic matches a list of completions', () => {
  expect(jurassic.matches({ completions: [] })).toBe(true);
  expect(jurassic.matches({ completion: '' })).toBe(false);
});
