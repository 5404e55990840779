import { expect, it } from 'vitest';
import { measureLag } from './measure-lag.ts';

// A short version. `npm run test:all` runs it with 32 MB at 4 MB/s.
it('less than 1 MB is buffered between Bedrock and a slow reader', async () => {
  const { mostBehind, read, tail, seconds } = await measureLag(8, 8);
  expect(read).toBeGreaterThan(7_900_000);
  expect(tail).toMatch(/data: \[DONE\]\n\n$/);
  expect(seconds).toBeGreaterThan(0.9);
  expect(mostBehind).toBeLessThan(1_000_000);
});
