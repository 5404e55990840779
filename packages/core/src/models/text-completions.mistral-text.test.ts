import { expect, it } from 'vitest';
import { textCompletions } from './text-completions.js';

const { mistral: mistralText } = textCompletions;

it('mistralText reads the first output', () => {
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

it('mistralText reads no text in an empty list of outputs', () => {
  expect(mistralText.matches({ outputs: [] })).toBe(true);
  expect(mistralText.read({ outputs: [] })).toEqual({ content: [] });
});

it('mistralText matches only a list of outputs', () => {
  expect(mistralText.matches({ outputs: { text: 'Hi' } })).toBe(false);
});
