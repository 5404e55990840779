import { expect, it } from 'vitest';
import { measureLag } from './measure-lag.ts';

it.each(['native', 'bedrock'] as const)(
  '%s: less than 1 MB of 32 MB is buffered between Bedrock and a reader at 4 MB/s',
  async (api) => {
    const { mostBehind, read, isWhole, seconds } = await measureLag(api, 32, 4);
    expect(read).toBeGreaterThan(31_900_000);
    expect(isWhole).toBe(true);
    expect(seconds).toBeGreaterThan(7.5);
    expect(mostBehind).toBeLessThan(1_000_000);
    console.log(
      `${api}: at most ${Math.round(mostBehind / 1_000)} kB were buffered between Bedrock's socket and the reader`,
    );
  },
);
