import { expect, it } from 'vitest';
import { measureLag } from './measure-lag.ts';

// A short version. `npm run test:all` runs it with 32 MB at 4 MB/s.
it.each(['native', 'bedrock'] as const)(
  '%s: less than 1 MB is buffered between Bedrock and a slow reader',
  async (api) => {
    const { mostBehind, read, isWhole, seconds } = await measureLag(api, 8, 8);
    expect(read).toBeGreaterThan(7_900_000);
    expect(isWhole).toBe(true);
    expect(seconds).toBeGreaterThan(0.9);
    expect(mostBehind).toBeLessThan(1_000_000);
  },
);
