import { expect, it } from 'vitest';
import { composeAnswer, splitWords } from './compose-answer.js';

it('quotes a short prompt whole, and the beginning of a long one', () => {
  expect(composeAnswer('Why is the sky blue?')).toMatch(/^You sent me 5 words: “Why is the sky blue\?”\. /);
  expect(composeAnswer('word '.repeat(30))).toContain(
    '30 words: “word word word word word word word word word word word word …”',
  );
});

it('has something to say to nothing', () => {
  expect(composeAnswer(' \n')).toMatch(/^You sent me no words\. .+/);
});

it('shortens an endless word between characters, not within one', () => {
  expect(composeAnswer('🙂'.repeat(1_000))).toContain(`“${'🙂'.repeat(40)}…”`);
});

it('loses nothing when it is split into words', () => {
  const answer = composeAnswer('eins  zwei\ndrei');
  expect(splitWords(answer).join('')).toBe(answer);
  expect(splitWords(answer).every((word) => word.trim() !== '')).toBe(true);
});
