import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '../errors/error-kinds.js';
import { ProxyError } from '../errors/proxy-error.js';
import { targetHealth } from './target-health.js';

const [a, b, c] = ['a', 'b', 'c'].map((model) => ({ model })) as [
  { model: string },
  { model: string },
  { model: string },
];

function start() {
  let time = 0;
  const health = targetHealth(() => time);
  const order = () =>
    health
      .inOrder([a, b, c])
      .map(({ model }) => model)
      .join('');
  return {
    health,
    order,
    pass: (ms: number) => {
      time += ms;
    },
    fail: (target: { model: string }, code: ErrorCode, retryAfterSeconds?: number) =>
      health.failed(target, new ProxyError(code, retryAfterSeconds === undefined ? {} : { retryAfterSeconds })),
    /** Milliseconds until the first target is at the head again. */
    cooldown: () => {
      for (let ms = 0; ms <= 3_600_000; ms += 500) {
        if (order() === 'abc') return ms;
        time += 500;
      }
      return Infinity;
    },
  };
}

describe('a target that failed', () => {
  it('goes last, the soonest ready first, and is never left out', () => {
    const { fail, order, pass } = start();
    expect(order()).toBe('abc');
    fail(a, 'throttled', 9);
    expect(order()).toBe('bca');
    fail(b, 'throttled', 5);
    expect(order()).toBe('cba');
    fail(c, 'upstream_denied');
    expect(order()).toBe('bac');
    pass(5_000);
    expect(order()).toBe('bac');
    pass(4_000);
    expect(order()).toBe('abc');
  });

  it('cools down as long as its host asks for after a throttle', () => {
    const { fail, cooldown } = start();
    fail(a, 'throttled', 45);
    expect(cooldown()).toBe(45_000);
  });

  it('cools down for 2 s after a throttle, doubled to 30 s', () => {
    const { fail, cooldown, health } = start();
    const times = Array.from({ length: 6 }, () => {
      fail(a, 'throttled');
      return cooldown();
    });
    expect(times).toEqual([2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
    health.succeeded(a);
    fail(a, 'throttled');
    expect(cooldown()).toBe(2_000);
  });

  it.each(['upstream_unavailable', 'upstream_error', 'upstream_timeout', 'upstream_truncated'] as const)(
    'cools down for 10 s after the second fault in a row, doubled to 60 s: %s',
    (code) => {
      const { fail, cooldown, health } = start();
      const times = Array.from({ length: 6 }, () => {
        fail(a, code);
        return cooldown();
      });
      expect(times).toEqual([0, 10_000, 20_000, 40_000, 60_000, 60_000]);
      health.succeeded(a);
      fail(a, code);
      expect(cooldown()).toBe(0);
    },
  );

  it.each(['upstream_denied', 'model_not_found'] as const)('cools down for 60 s if it can never answer: %s', (code) => {
    const { fail, cooldown } = start();
    fail(a, code);
    expect(cooldown()).toBe(60_000);
  });

  it.each([
    ['quota_exceeded', 60_000],
    ['model_not_ready', 10_000],
  ] as const)('cools down as long as its client has to wait: %s', (code, ms) => {
    const { fail, cooldown } = start();
    fail(a, code);
    expect(cooldown()).toBe(ms);
  });

  it('is not ready sooner because of a later failure', () => {
    const { fail, cooldown } = start();
    fail(a, 'upstream_denied');
    fail(a, 'throttled');
    expect(cooldown()).toBe(60_000);
  });

  it('is another one in another Region or with another role', () => {
    const { health } = start();
    const targets = [
      { model: 'a', region: 'us-east-1' },
      { model: 'a', region: 'eu-west-1' },
      { model: 'a', region: 'us-east-1', roleArn: 'r' },
    ];
    health.failed(targets[0] ?? a, new ProxyError('throttled'));
    expect(health.inOrder(targets)).toEqual([targets[1], targets[2], targets[0]]);
  });
});
