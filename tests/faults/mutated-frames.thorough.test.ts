import { expect, it } from 'vitest';
import { readMutatedFrames } from './mutate-frames.ts';

const count = 1_000_000;

it('of 1,000,000 damaged frames none hangs or fells the reader, and none that its checksums betray is read', () => {
  const { frames, refused, truncated } = readMutatedFrames(count, Number(process.env['TEST_SEED']));
  console.log(
    `${count} frames, seed ${process.env['TEST_SEED']}: ${refused} refused, ${truncated} cut, ${frames} read`,
  );
  expect(frames + refused + truncated).toBeGreaterThanOrEqual(count);
  // Some are damaged in a payload only and have right checksums: those are frames like any other.
  expect(frames).toBeGreaterThan(count / 10);
  expect(refused).toBeGreaterThan(count / 4);
});
