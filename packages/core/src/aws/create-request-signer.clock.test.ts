import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createRequestSigner } from './create-request-signer.js';

const now = new Date('2026-03-04T05:06:07Z').getTime();
const minutes = (count: number): number => count * 60_000;
const dateIn = (ms: number): string => new Date(Date.now() + ms).toUTCString();

beforeEach(() => void vi.useFakeTimers({ now, toFake: ['Date'] }));
afterEach(() => void vi.useRealTimers());

/** A signer, and how far its clock is from that of the machine, in ms. */
function signer(options = {}) {
  const signRequest = createRequestSigner('bedrock', 'eu-west-1', options);
  const keys = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example-key' };
  const sign = () => signRequest({ path: '/', headers: { host: 'h' }, body: '' }, keys);
  const offset = () => {
    const date = sign().headers['x-amz-date'] ?? '';
    return Date.parse(date.replace(/(....)(..)(..)T(..)(..)(..)Z/, '$1-$2-$3T$4:$5:$6Z')) - Date.now();
  };
  return { sign, offset };
}

it('a signer signs for the time of the machine until an answer tells another', () => {
  const { sign, offset } = signer();
  expect(offset()).toBe(0);
  sign().correctClock(dateIn(minutes(60)), {});
  expect(offset()).toBe(minutes(60));
});

it.each([
  [minutes(4) - 1_000, false],
  [minutes(4), true],
  [-minutes(4), true],
  [-minutes(4) + 1_000, false],
])('a clock that was %i ms off: another signature may help: %s', (distance, mayHelp) => {
  const { sign, offset } = signer();
  expect(sign().correctClock(dateIn(distance), {})).toBe(mayHelp);
  expect(offset()).toBe(distance);
});

it('another signature may help if another answer has corrected the clock meanwhile', () => {
  const { sign } = signer();
  const signed = sign();
  sign().correctClock(dateIn(minutes(60)), {});
  expect(signed.correctClock(dateIn(minutes(60)), {})).toBe(true);
});

it('another signature does not help if the request was signed for the right time', () => {
  const { sign } = signer();
  sign().correctClock(dateIn(minutes(60)), {});
  expect(sign().correctClock(dateIn(minutes(60)), {})).toBe(false);
});

it.each<readonly [string, unknown, Record<string, string>]>([
  ['no time', undefined, {}],
  ['an empty time', '', {}],
  ['a time that is none', 'yesterday', {}],
  ['a time that is no text', 12, {}],
  ['a time that a cache kept', new Date(now + minutes(60)).toUTCString(), { age: '0' }],
])('the clock stays after an answer with %s', (_, time, headers) => {
  const { sign, offset } = signer();
  expect(sign().correctClock(time, headers)).toBe(false);
  expect(offset()).toBe(0);
});

it('the clock stays if it is fixed', () => {
  const { sign, offset } = signer({ isClockFixed: true });
  expect(sign().correctClock(dateIn(minutes(60)), {})).toBe(false);
  expect(offset()).toBe(0);
});

it.each([
  [minutes(15), minutes(60)],
  [minutes(15) + 1, 0],
])('an answer that took %i ms puts the clock %i ms forward', (duration, distance) => {
  const { sign, offset } = signer();
  const signed = sign();
  vi.setSystemTime(now + duration);
  signed.correctClock(dateIn(minutes(60)), {});
  vi.setSystemTime(now);
  expect(offset()).toBe(distance);
});
