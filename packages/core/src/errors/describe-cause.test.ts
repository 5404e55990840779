import { describe, expect, it } from 'vitest';
import { describeCause } from './describe-cause.js';

describe('what the log says of a cause', () => {
  it('is its name, message and stack, and those of its own causes', () => {
    const error = new TypeError('outer', { cause: new RangeError('inner') });
    expect(describeCause(error)).toEqual({
      name: 'TypeError',
      message: 'outer',
      stack: error.stack,
      cause: { name: 'RangeError', message: 'inner', stack: expect.stringContaining('RangeError: inner') },
    });
  });

  it('has at most 2 KB of its message, and its frames', () => {
    const error = new Error(`${'word '.repeat(500)}canary-at-the-end`);
    const { message, stack } = describeCause(error) as { message: string; stack: string };
    expect(message).toHaveLength(2_044);
    expect(stack).toContain('describe-cause.test.ts');
    expect(stack.length).toBeLessThan(2_048 + 4_096 + 10);
    expect(`${message}${stack}`).not.toContain('canary');
  });

  it('has at most 2 KB, whatever its characters', () => {
    const { message } = describeCause(new Error('世'.repeat(2_000))) as { message: string };
    expect(message).toBe('世'.repeat(682));
  });

  it('has at most 6 KB of a stack that does not begin with its message', () => {
    const error = Object.assign(new Error('first'), { message: 'second', stack: 'frame '.repeat(10_000) });
    expect((describeCause(error) as { stack: string }).stack.length).toBeLessThanOrEqual(6_144);
    expect(describeCause(Object.assign(new Error('x'), { stack: undefined }))).toEqual({ name: 'Error', message: 'x' });
  });

  it('costs nothing for a message of any length', () => {
    const error = new Error(`x-amz-`.repeat(200_000));
    const before = process.cpuUsage();
    describeCause(error);
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1_000).toBeLessThan(50);
  });

  it('ends after four errors, even where they turn in a circle', () => {
    const error = new Error('round');
    error.cause = error;
    expect(JSON.stringify(describeCause(error)).match(/"message"/g)).toHaveLength(4);
  });

  it.each([
    ['a text', 'broken', 'broken'],
    ['undefined', undefined, 'undefined'],
    ['null', null, 'null'],
    ['a symbol', Symbol('s'), 'Symbol(s)'],
    ['an object', { answer: 'secret' }, '[object Object]'],
    ['an object that makes no string', Object.create(null), '[object Object]'],
    ['an array', ['secret'], '[object Array]'],
  ])('is no more than a name for %s', (_name, thrown, message) => {
    expect(describeCause(thrown)).toEqual({ message });
  });
});
