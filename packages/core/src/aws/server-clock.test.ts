import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createServerClock } from './server-clock.js';

const now = new Date('2026-03-04T05:06:07Z').getTime();
const minutes = (count: number): number => count * 60_000;
const dateIn = (ms: number): string => new Date(Date.now() + ms).toUTCString();

beforeEach(() => void vi.useFakeTimers({ now, toFake: ['Date'] }));
afterEach(() => void vi.useRealTimers());

it('a server clock shows the time of the machine until an answer tells another', () => {
  const clock = createServerClock();
  expect(clock.read()).toEqual({ at: new Date(now), offset: 0, localTime: now });
  clock.correct(dateIn(minutes(60)), {}, clock.read());
  expect(clock.read()).toEqual({ at: new Date(now + minutes(60)), offset: minutes(60), localTime: now });
});

it.each([
  [minutes(4) - 1_000, false],
  [minutes(4), true],
  [-minutes(4), true],
  [-minutes(4) + 1_000, false],
])('a server clock that was %i ms off: another signature may help: %s', (offset, mayHelp) => {
  const clock = createServerClock();
  expect(clock.correct(dateIn(offset), {}, clock.read())).toBe(mayHelp);
  expect(clock.read().offset).toBe(offset);
});

it('a server clock says that another signature may help if another answer has corrected it meanwhile', () => {
  const clock = createServerClock();
  const reading = clock.read();
  clock.correct(dateIn(minutes(60)), {}, clock.read());
  expect(clock.correct(dateIn(minutes(60)), {}, reading)).toBe(true);
});

it('a server clock says that another signature does not help if the request was signed for the right time', () => {
  const clock = createServerClock();
  clock.correct(dateIn(minutes(60)), {}, clock.read());
  expect(clock.correct(dateIn(minutes(60)), {}, clock.read())).toBe(false);
});

it.each<readonly [string, unknown, Record<string, string>]>([
  ['no time', undefined, {}],
  ['an empty time', '', {}],
  ['a time that is none', 'yesterday', {}],
  ['a time that is no text', 12, {}],
  ['a time that a cache kept', new Date(now + minutes(60)).toUTCString(), { age: '0' }],
])('a server clock keeps its time after an answer with %s', (_, time, headers) => {
  const clock = createServerClock();
  expect(clock.correct(time, headers, clock.read())).toBe(false);
  expect(clock.read().offset).toBe(0);
});

it.each([
  [minutes(15), minutes(60)],
  [minutes(15) + 1, 0],
])('a server clock learns from an answer after %i ms an offset of %i ms', (duration, offset) => {
  const clock = createServerClock();
  const reading = clock.read();
  vi.setSystemTime(now + duration);
  clock.correct(new Date(now + duration + minutes(60)).toISOString(), {}, reading);
  expect(clock.read().offset).toBe(offset);
});
