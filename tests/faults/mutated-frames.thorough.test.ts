import { expect, it } from 'vitest';
import { readMutatedFrames } from './read-mutated-frames.ts';

const count = 1_000_000;

it('the reader survives 1,000,000 damaged frames, and reads none with a wrong checksum', () => {
  const { frames, refused, truncated } = readMutatedFrames(count, Number(process.env['TEST_SEED']));
  console.log(
    `${count} frames, seed ${process.env['TEST_SEED']}: ${refused} refused, ${truncated} cut, ${frames} read`,
  );
  expect(frames + refused + truncated).toBeGreaterThanOrEqual(count);
  // A frame with damage only in its payload and recomputed checksums is a valid frame.
  expect(frames).toBeGreaterThan(count / 10);
  expect(refused).toBeGreaterThan(count / 4);
});
