import { expect, it } from 'vitest';
import { parseBufferedResult, serializeEvent } from './payload-limits.js';

it('accepts an event of at most 6 MB of JSON', () => {
  expect(serializeEvent('x'.repeat(6_291_454))).toHaveLength(6_291_456);
  expect(() => serializeEvent('x'.repeat(6_291_455))).toThrow('Request must be smaller than 6291456 bytes');
  expect(() => serializeEvent('ü'.repeat(3_145_728))).toThrow('Request must be smaller');
});

it('accepts a result of at most 6 MB and 100 bytes of JSON', () => {
  expect(parseBufferedResult(JSON.stringify('x'.repeat(6_291_554)))).toHaveLength(6_291_554);
  expect(() => parseBufferedResult(JSON.stringify('x'.repeat(6_291_555)))).toThrow(
    'Response payload size exceeded maximum allowed payload size (6291556 bytes).',
  );
});
