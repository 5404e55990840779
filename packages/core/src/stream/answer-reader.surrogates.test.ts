import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createSurrogateJoiner } from './answer-reader.js';

function joinAll(pieces: readonly string[]): string[] {
  const joiner = createSurrogateJoiner();
  return [...pieces.map((piece) => joiner.join(piece)), joiner.flush()];
}

it('holds a high half and puts it in front of the next piece', () => {
  expect(joinAll(['a\ud83d', '\ude00b'])).toEqual(['a', '😀b', '']);
  expect(joinAll(['\ud83d', '', '\ude00'])).toEqual(['', '', '😀', '']);
  expect(joinAll(['😀\ud83d', '\ude00\ud83d', '\ude00'])).toEqual(['😀', '😀', '😀', '']);
});

it('gives a half back that nothing follows, once', () => {
  const joiner = createSurrogateJoiner();
  expect(joiner.join('x\udbff')).toBe('x');
  expect(joiner.flush()).toBe('\udbff');
  expect(joiner.flush()).toBe('');
  expect(joiner.join('y')).toBe('y');
});

it.each(['\ud7ff', '\udc00', '\udfff', '\ue000', '😀'])('holds nothing back of %j', (text) => {
  expect(joinAll([text])).toEqual([text, '']);
});

it.each(['\ud800', '\udbff'])('holds %j back', (half) => {
  expect(joinAll([half])).toEqual(['', half]);
});

it('neither loses nor adds a code unit, and never splits a character between pieces', () => {
  const unit = fc.constantFrom('a', '\ud83d', '\ude00', 'é', '\u0000', '\ud800');
  const piece = fc.array(unit, { maxLength: 4 }).map((units) => units.join(''));
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (given) => {
      const joined = joinAll(given).filter((text) => text !== '');
      expect(joined.join('')).toBe(given.join(''));
      for (const [index, text] of joined.entries()) {
        const next = joined[index + 1] ?? '';
        expect(/[\ud800-\udbff]$/.test(text) && /^[\udc00-\udfff]/.test(next)).toBe(false);
      }
    }),
  );
});
