import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const document = readFileSync(join(import.meta.dirname, '../../docs/deploy.md'), 'utf8');

/** Prices of us-east-1 in dollars, as the document states them. */
const million = 1_000_000;
const gigabyteSecond = 0.0000133334;
const requests = 0.2;
const gateway = { function: 0, rest: 3.5, http: 1 };

/** Dollars for a million requests of so many seconds, one in each process of 512 MB. */
const ordinary = (seconds: number, front: keyof typeof gateway): number =>
  requests + gateway[front] + million * seconds * 0.5 * gigabyteSecond;

/** The same in processes of 2 GB with 64 requests each. CPU for 6 ms costs cents at the price of Fargate. */
const web = (seconds: number): number =>
  requests + (million / 64) * seconds * 2 * gigabyteSecond + million * 0.006 * 0.000009;

it.each([2, 10, 60])('the costs of a million requests of %d s are the computed ones', (seconds) => {
  const row = document.split('\n').find((line) => line.startsWith(`| a million requests of ${seconds} s |`)) ?? '';
  const [, , functionUrl, webFunction, rest, buffered = ''] = row.split('|').map((cell) => cell.trim());
  expect(Math.abs(amount(functionUrl) - ordinary(seconds, 'function'))).toBeLessThan(0.5);
  expect(Math.abs(amount(webFunction) - web(seconds))).toBeLessThan(0.5);
  expect(Math.abs(amount(rest) - ordinary(seconds, 'rest'))).toBeLessThan(0.5);
  const [restBuffered, httpApi] = buffered.split('; HTTP API ');
  if (seconds > 30) {
    expect(restBuffered).toBe('not possible');
    return;
  }
  expect(Math.abs(amount(restBuffered) - ordinary(seconds, 'rest'))).toBeLessThan(0.5);
  expect(Math.abs(amount(httpApi) - ordinary(seconds, 'http'))).toBeLessThan(0.5);
});

function amount(cell = ''): number {
  return Number(/\$([\d.]+)/.exec(cell)?.[1]);
}
