import { crc32 } from 'node:zlib';
import { isProxyError } from '@bedrock-proxy/core';
import { encodeChunkFrame, encodeExceptionFrame } from '@bedrock-proxy/testing/emulator';
import { createFrameReader } from '../../packages/core/src/bedrock/frame-reader.ts';

/** The results of reading damaged frames. */
export interface MutationCount {
  readonly frames: number;
  readonly refused: number;
  readonly truncated: number;
}

const originals = [
  encodeChunkFrame({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Grüße' } }, 'abc'),
  encodeExceptionFrame('throttlingException', 'Too many requests.'),
  encodeChunkFrame('"[DONE]"', 'abcdefghijklmnop'),
].map((frame) => Buffer.from(frame));

/**
 * Reads `count` damaged frames. Each has one to four flipped bits, and about half of them have recomputed checksums. Throws if a frame
 * with a wrong checksum is read, or if the reader fails with an unexpected error.
 */
export function readMutatedFrames(count: number, seed: number): MutationCount {
  const random = generator(seed);
  const result = { frames: 0, refused: 0, truncated: 0 };
  for (let index = 0; index < count; index += 1) {
    const original = originals[random(originals.length)] as Buffer;
    const damaged = damage(original, random);
    const hasRightChecksums = random(2) === 1;
    if (hasRightChecksums) recomputeChecksums(damaged);
    const reader = createFrameReader();
    const cut = random(damaged.length);
    for (const read of [damaged.subarray(0, cut), damaged.subarray(cut)]) {
      let frames = 0;
      const corruption = reader.push(read, () => {
        frames += 1;
      });
      result.frames += frames;
      if (frames > 0 && !hasRightChecksums) throw new Error(`a damaged frame was read: ${damaged.toString('hex')}`);
      if (corruption === undefined) continue;
      if (corruption.code !== 'upstream_truncated')
        throw new Error(`refused as ${corruption.code}`, { cause: corruption });
      result.refused += 1;
      break;
    }
    try {
      reader.end();
    } catch (error) {
      if (!isProxyError(error)) throw error;
      result.truncated += 1;
    }
  }
  return result;
}

function damage(original: Buffer, random: (below: number) => number): Buffer {
  const damaged = Buffer.from(original);
  // A CRC-32 detects every error within 32 consecutive bits.
  const start = random(damaged.length - 4) * 8;
  const bits = new Set(Array.from({ length: 1 + random(4) }, () => random(32)));
  for (const bit of bits) {
    const at = start + bit;
    damaged[at >> 3] = (damaged[at >> 3] ?? 0) ^ (1 << (at & 7));
  }
  return damaged;
}

function recomputeChecksums(frame: Buffer): void {
  frame.writeUInt32BE(crc32(frame.subarray(0, 8)), 8);
  frame.writeUInt32BE(crc32(frame.subarray(0, -4)), frame.length - 4);
}

/** Mulberry32: the same numbers for the same seed. */
function generator(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}
