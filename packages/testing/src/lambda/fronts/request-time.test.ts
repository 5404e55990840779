import { expect, it } from 'vitest';
import { formatRequestTime } from './request-time.js';

it('writes a time as request contexts do', () => {
  expect(formatRequestTime(new Date(1_583_348_638_390))).toBe('04/Mar/2020:19:03:58 +0000');
});
