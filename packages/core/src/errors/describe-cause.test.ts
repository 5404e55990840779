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
