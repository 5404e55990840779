import { expect, it } from 'vitest';
import { cutText } from './describe-cause.js';

it.each([
  ['', 5, ''],
  ['short', 5, 'short'],
  ['one two three', 13, 'one two three'],
  ['one two three', 12, 'one two'],
  ['one two three', 8, 'one two'],
  ['one two three', 7, 'one two'],
  ['one\ttwo', 6, 'one'],
  ['a'.repeat(300), 250, 'a'.repeat(250)],
  [`a ${'b'.repeat(300)}`, 250, `a ${'b'.repeat(248)}`],
])('cutText cuts %j at %d characters, between words', (text, length, expected) => {
  expect(cutText(text, length)).toBe(expected);
});
