import { expect, it } from 'vitest';
import { estimateInput } from './estimate-input.js';

const tokensOf = (text: string) => estimateInput(Buffer.from(text));
const letters = (count: number) => 'Ab9+/_-z'.repeat(200).slice(0, count);

it.each([
  ['', 0],
  ['{}', 1],
  ['{"a":1}', 2],
  [`{"text":"${'word '.repeat(400)}"}`, Math.ceil(2_011 / 4)],
  [`{"a":"${letters(1_024)}"}`, Math.ceil((8 + 1_024) / 4)],
  [`{"a":"${letters(1_025)}"}`, 2 + 1_600],
  [`{"a":"${letters(1_030)}=="}`, 2 + 1_600],
  [`{"a":"data:image/png;base64,${letters(1_030)}"}`, 2 + 1_600],
  [`{"a":"${letters(1_200)}","b":"${letters(1_200)}"}`, Math.ceil(15 / 4) + 3_200],
  [`{"a":"${letters(1_100)} ${letters(100)}"}`, Math.ceil((8 + 1_201) / 4)],
  [`{"a":"=${letters(1_100)}"}`, Math.ceil((8 + 1_101) / 4)],
  ['"', 1],
])('estimates the tokens of %.40s as %i', (body, tokens) => {
  expect(tokensOf(body)).toBe(tokens);
});

it('counts a view of a larger buffer by its own bytes', () => {
  const bytes = Buffer.from(`xxxx{"a":"${letters(1_025)}"}`);
  expect(estimateInput(new Uint8Array(bytes.buffer, bytes.byteOffset + 4, bytes.length - 4))).toBe(1_602);
});

it('takes no time that grows with the square of a body, whatever is in it', () => {
  for (const text of ['"'.repeat(6_000_000), `"${letters(1_100)}`.repeat(5_400), 'a'.repeat(6_000_000)]) {
    const began = performance.now();
    tokensOf(text);
    expect(performance.now() - began).toBeLessThan(10_000);
  }
});
