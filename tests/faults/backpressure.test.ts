import { expect, it } from 'vitest';
import { measureLag } from './measure-lag.ts';

// A scaled-down version: 32 MB at 4 MB/s is run by `npm run test:all`.
it('a slow reader holds Bedrock back: less than 1 MB lies in between', async () => {
  const { mostBehind, read, tail, seconds } = await measureLag(8, 8);
  expect(read).toBeGreaterThan(7_900_000);
  expect(tail).toMatch(/data: \[DONE\]\n\n$/);
  expect(seconds).toBeGreaterThan(0.9);
  expect(mostBehind).toBeLessThan(1_000_000);
});
