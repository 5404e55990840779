import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readHeaders } from './read-headers.js';

describe('readHeaders', () => {
  it.each([null, undefined, {}])('finds none in %j', (headers) => {
    expect(readHeaders(headers)).toEqual({});
  });

  it('names them in small letters', () => {
    expect(readHeaders({ 'Content-Type': 'a', 'X-API-KEY': 'b' })).toEqual({
      'content-type': ['a'],
      'x-api-key': ['b'],
    });
  });

  it('takes two names that differ in case for two values of one header', () => {
    expect(readHeaders({ Authorization: 'a', authorization: 'b' })).toEqual({ authorization: ['a', 'b'] });
    expect(readHeaders({ Authorization: ['a'], AUTHORIZATION: ['b', 'c'] })).toEqual({
      authorization: ['a', 'b', 'c'],
    });
  });

  it('keeps every value as it was sent', () => {
    expect(readHeaders({ a: ' x, y ', b: [' x', '', 'y, z'] })).toEqual({ a: [' x, y '], b: [' x', '', 'y, z'] });
  });

  it('passes over what is none', () => {
    expect(readHeaders({ a: null, b: undefined, c: [], d: 'x' })).toEqual({ d: ['x'] });
    expect(readHeaders(JSON.parse('{"a":7,"b":{},"c":[null,"x"]}'))).toEqual({ c: ['x'] });
  });

  it('reads any name that a client may send', () => {
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
