import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readHeaders } from './event-kind.js';

describe('readHeaders', () => {
  it.each([null, undefined, {}])('returns no headers for %j', (headers) => {
    expect(readHeaders(headers)).toEqual({});
  });

  it('returns lower-case names', () => {
    expect(readHeaders({ 'Content-Type': 'a', 'X-API-KEY': 'b' })).toEqual({
      'content-type': ['a'],
      'x-api-key': ['b'],
    });
  });

  it('joins the values of names that differ only in case', () => {
    expect(readHeaders({ Authorization: 'a', authorization: 'b' })).toEqual({ authorization: ['a', 'b'] });
    expect(readHeaders({ Authorization: ['a'], AUTHORIZATION: ['b', 'c'] })).toEqual({
      authorization: ['a', 'b', 'c'],
    });
  });

  it('returns values unchanged', () => {
    expect(readHeaders({ a: ' x, y ', b: [' x', '', 'y, z'] })).toEqual({ a: [' x, y '], b: [' x', '', 'y, z'] });
  });

  it('skips values that are not strings', () => {
    expect(readHeaders({ a: null, b: undefined, c: [], d: 'x' })).toEqual({ d: ['x'] });
    expect(readHeaders(JSON.parse('{"a":7,"b":{},"c":[null,"x"]}'))).toEqual({ c: ['x'] });
  });

  it('accepts any header name', () => {
    const name = fc.oneof(fc.constantFrom('constructor', '__proto__', 'toString', 'hasOwnProperty'), fc.string());
    fc.assert(
      fc.property(fc.uniqueArray(name, { selector: (one) => one.toLowerCase() }), (names) => {
        const read = readHeaders(Object.fromEntries(names.map((one) => [one, `value of ${one}`])));
        expect(Object.entries(read).sort()).toEqual(
          names.map((one) => [one.toLowerCase(), [`value of ${one}`]]).sort(),
        );
        expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
      }),
    );
  });
});
