import { expect, it } from 'vitest';
import { readFrameHeaders } from './frame-reader.js';

const block = (...parts: readonly (string | number)[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Uint8Array.of(part))));

it('readFrameHeaders keeps strings and skips values of other types', () => {
  const sizes: readonly (readonly [type: number, size: number])[] = [
    [0, 0],
    [1, 0],
    [2, 1],
    [3, 2],
    [4, 4],
    [5, 8],
    [8, 8],
    [9, 16],
  ];
  for (const [type, size] of sizes) {
    const headers = readFrameHeaders(
      Buffer.concat([block(1, 'x', type), new Uint8Array(size), block(1, 'y', 7, 0, 2, 'ok')]),
    );
    expect([...(headers ?? [])]).toEqual([['y', 'ok']]);
  }
  expect([...(readFrameHeaders(block(1, 'x', 6, 0, 1, 255, 1, 'y', 7, 0, 0)) ?? [])]).toEqual([['y', '']]);
});

it('readFrameHeaders reads lengths of two bytes', () => {
  const long = 'v'.repeat(0x0102);
  expect(readFrameHeaders(block(1, 'x', 7, 1, 2, long))?.get('x')).toBe(long);
});

it('readFrameHeaders keeps the last of two headers with one name, and reads an empty block', () => {
  expect(readFrameHeaders(block(1, 'x', 7, 0, 1, 'a', 1, 'x', 7, 0, 1, 'b'))?.get('x')).toBe('b');
  expect(readFrameHeaders(Buffer.alloc(0))?.size).toBe(0);
});

it('readFrameHeaders accepts an empty name', () => {
  expect([...(readFrameHeaders(block(0, 7, 0, 1, 'a')) ?? [])]).toEqual([['', 'a']]);
});

it('readFrameHeaders reads an empty value at the end of the block', () => {
  expect(readFrameHeaders(block(1, 'x', 0))?.size).toBe(0);
  expect(readFrameHeaders(block(1, 'x', 7, 0, 0))?.get('x')).toBe('');
});
