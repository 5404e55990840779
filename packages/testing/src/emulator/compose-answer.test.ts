import { expect, it } from 'vitest';
import { composeAnswer, splitWords } from './compose-answer.js';

it('the answer quotes a short prompt completely, and the beginning of a long one', () => {
  expect(composeAnswer('Why is the sky blue?')).toMatch(/^You sent me 5 words: “Why is the sky blue\?”\. /);
  expect(composeAnswer('word '.repeat(30))).toContain(
    '30 words: “word word word word word word word word word word word word …”',
  );
});

it('an empty prompt gets an answer', () => {
  expect(composeAnswer(' \n')).toMatch(/^You sent me no words\. .+/);
});

it('a very long word is cut between characters', () => {
  expect(composeAnswer('🙂'.repeat(1_000))).toContain(`“${'🙂'.repeat(40)}…”`);
});

it('the words of an answer join to the whole answer', () => {
  const answer = composeAnswer('eins  zwei\ndrei');
  expect(splitWords(answer).join('')).toBe(answer);
  expect(splitWords(answer).every((word) => word.trim() !== '')).toBe(true);
});
