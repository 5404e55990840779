import { expect, it } from 'vitest';
import { createMeter } from './create-meter.js';

it('measures the time to the first text, and the token rate from the first text to the last', () => {
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

it('returns no rate if all text arrived at once', () => {
  const meter = createMeter(() => 5);
  meter.count('all');
  meter.count(' of it');
  expect(meter.read()).toEqual({ elapsedMs: 0, firstTextMs: 0 });
});
