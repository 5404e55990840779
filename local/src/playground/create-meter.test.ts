import { expect, it } from 'vitest';
import { createMeter } from './create-meter.js';

it('measures the first text from the send, and tokens from the first text to the last', () => {
  let now = 1_000;
  const meter = createMeter(() => now);
  now = 1_200;
  expect(meter.read()).toEqual({ elapsedMs: 200 });
  meter.count('Hello, ');
  now = 1_700;
  expect(meter.read()).toEqual({ elapsedMs: 700, firstTextMs: 200 });
  meter.count('wonderful world!');
  now = 3_000;
  expect(meter.read()).toEqual({ elapsedMs: 2_000, firstTextMs: 200, tokensPerSecond: 8 });
});

it('names no rate for what came at once', () => {
  const meter = createMeter(() => 5);
  meter.count('all');
  meter.count(' of it');
  expect(meter.read()).toEqual({ elapsedMs: 0, firstTextMs: 0 });
});
