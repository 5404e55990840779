import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endOfString, nestsDeeperThan } from './json-scan.js';

const nested = (levels: number) => Buffer.from('['.repeat(levels) + ']'.repeat(levels));

describe('nestsDeeperThan', () => {
  it('counts brackets of both kinds, and not one too many', () => {
    expect(nestsDeeperThan(64, nested(64))).toBe(false);
    expect(nestsDeeperThan(64, nested(65))).toBe(true);
    expect(nestsDeeperThan(3, Buffer.from('{"a":[{"b":1}]}'))).toBe(false);
    expect(nestsDeeperThan(2, Buffer.from('{"a":[{"b":1}]}'))).toBe(true);
  });

  it('counts how deep brackets nest, not how many there are', () => {
    expect(nestsDeeperThan(2, Buffer.from(`[${'[],{},'.repeat(1_000)}[]]`))).toBe(false);
  });

  it('counts none inside strings', () => {
    expect(nestsDeeperThan(1, Buffer.from(`["${'['.repeat(99)}\\"${'{'.repeat(99)}"]`))).toBe(false);
    expect(nestsDeeperThan(1, Buffer.from('["\\\\",[["a"]]]'))).toBe(true);
  });

  it('passes over a string that never ends', () => {
    expect(nestsDeeperThan(1, Buffer.from(`["${'['.repeat(99)}`))).toBe(false);
  });

  it('refuses 5 MB of brackets at once, long before a parser would', () => {
    const brackets = Buffer.alloc(5_242_880, '[');
    const began = performance.now();
    expect(nestsDeeperThan(64, brackets)).toBe(true);
    expect(performance.now() - began).toBeLessThan(500);
  });

  it('takes linear time for strings full of backslashes and quotes', () => {
    const text = Buffer.from(`["${'\\'.repeat(2_000_000)}${'\\"'.repeat(500_000)}"]`);
    const began = performance.now();
    expect(nestsDeeperThan(64, text)).toBe(false);
    expect(performance.now() - began).toBeLessThan(3_000);
  });
});

describe('endOfString', () => {
  it('finds the closing quote of any string, however it is spelled', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('"', '\\', 'a', 'é', '\n') }), fc.string(), (text, rest) => {
        const token = Buffer.from(JSON.stringify(text));
        expect(endOfString(Buffer.concat([token, Buffer.from(rest)]), 0)).toBe(token.length - 1);
      }),
    );
  });

  it('ends with the bytes where no quote closes the string', () => {
    expect(endOfString(Buffer.from('"abc\\"'), 0)).toBe(6);
  });
});
