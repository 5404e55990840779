import { expect, it } from 'vitest';
import { mistralText } from './mistral-text.js';

it('the first output is the answer', () => {
  expect(
    mistralText.read({
      outputs: [
        { text: ' Hi', stop_reason: null },
        { text: 'no', stop_reason: 'stop' },
      ],
    }),
  ).toEqual({
    content: [{ type: 'text-delta', text: ' Hi' }],
  });
  expect(mistralText.read({ outputs: [{ text: '', stop_reason: 'stop' }] })).toEqual({
    content: [],
    stopReason: 'stop',
  });
});

it('an empty list of outputs says nothing', () => {
  expect(mistralText.matches({ outputs: [] })).toBe(true);
  expect(mistralText.read({ outputs: [] })).toEqual({ content: [] });
});

it('outputs that are no list are of another family', () => {
  expect(mistralText.matches({ outputs: { text: 'Hi' } })).toBe(false);
});
