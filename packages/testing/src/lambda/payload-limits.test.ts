import { expect, it } from 'vitest';
import { parseBufferedResult, serializeEvent } from './payload-limits.js';

it('takes an event of 6 MB as JSON, and not a byte more', () => {
  expect(serializeEvent('x'.repeat(6_291_454))).toHaveLength(6_291_456);
  expect(() => serializeEvent('x'.repeat(6_291_455))).toThrow('Request must be smaller than 6291456 bytes');
  expect(() => serializeEvent('ü'.repeat(3_145_728))).toThrow('Request must be smaller');
});

it('takes a result of 6 MB and a hundred bytes, and not a byte more', () => {
  expect(parseBufferedResult(JSON.stringify('x'.repeat(6_291_554)))).toHaveLength(6_291_554);
  expect(() => parseBufferedResult(JSON.stringify('x'.repeat(6_291_555)))).toThrow(
    'Response payload size exceeded maximum allowed payload size (6291556 bytes).',
  );
});
