import { expect, it } from 'vitest';
import { measureLag } from './measure-lag.ts';

it('less than 1 MB of 32 MB is buffered between Bedrock and a reader at 4 MB/s', async () => {
  const { mostBehind, read, tail, seconds } = await measureLag(32, 4);
  expect(read).toBeGreaterThan(31_900_000);
  expect(tail).toMatch(/data: \[DONE\]\n\n$/);
  expect(seconds).toBeGreaterThan(7.5);
  expect(mostBehind).toBeLessThan(1_000_000);
  console.log(`at most ${Math.round(mostBehind / 1_000)} kB were buffered between Bedrock's socket and the reader`);
});
