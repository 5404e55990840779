import { expect, it } from 'vitest';
import { formatRequestTime } from './front-request.js';

it('formats a time like the request context of an event', () => {
  expect(formatRequestTime(new Date(1_583_348_638_390))).toBe('04/Mar/2020:19:03:58 +0000');
});
