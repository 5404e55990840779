import { describe, expect, it } from 'vitest';
import { insertFirst, joinWithout, scanJson } from './json-scan.js';

const utf8 = (bytes: Uint8Array) => Buffer.from(bytes).toString();

describe('scanJson', () => {
  it('gives every member with its key read, its value and all that stands between its commas', () => {
    const { before, members, after } = scanJson(Buffer.from(' { "a" : 1 ,\n"b\\u0021":[2, {"c":3}]\t} \n'));
    expect(utf8(before)).toBe(' {');
    expect(members.map(({ key, value, segment }) => [key, utf8(value), utf8(segment)])).toEqual([
      ['a', ' 1 ', ' "a" : 1 '],
      ['b!', '[2, {"c":3}]\t', '\n"b\\u0021":[2, {"c":3}]\t'],
    ]);
    expect(utf8(after)).toBe('} \n');
  });

  it.each(['{}', '{ \n }'])('finds no member in %j', (json) => {
    expect(scanJson(Buffer.from(json)).members).toEqual([]);
  });

  it('is not misled by brackets, commas, colons and quotes inside strings', () => {
    const { members } = scanJson(Buffer.from('{"a{,:":"}],\\"","b\\\\":"\\\\"}'));
    expect(members.map(({ key, value }) => [key, JSON.parse(utf8(value))])).toEqual([
      ['a{,:', '}],"'],
      ['b\\', '\\'],
    ]);
  });

  it('keeps a key that is there twice twice', () => {
    const { members } = scanJson(Buffer.from('{"a":1,"\\u0061":2}'));
    expect(members.map(({ key }) => key)).toEqual(['a', 'a']);
  });
});

describe('joinWithout', () => {
  it.each([
    ['{"a":1,"b":2,"c":3}', ['a'], '{"b":2,"c":3}'],
    ['{"a":1,"b":2,"c":3}', ['b'], '{"a":1,"c":3}'],
    ['{"a":1,"b":2,"c":3}', ['c'], '{"a":1,"b":2}'],
    ['{"a":1,"b":2,"c":3}', ['a', 'c'], '{"b":2}'],
    [' { "a" : 1 , "b" : 2 } ', ['a'], ' { "b" : 2 } '],
    ['{ "a":1 }', ['a'], '{}'],
    ['{"a":1}', [], '{"a":1}'],
    ['{ }', [], '{ }'],
  ])('%s without %j is %s', (json, keys, expected) => {
    const object = scanJson(Buffer.from(json));
    const cut = new Set(object.members.filter(({ key }) => keys.includes(key)));
    expect(utf8(joinWithout(object, cut))).toBe(expected);
  });
});

describe('insertFirst', () => {
  it.each([
    ['{"a":1}', { b: 2, c: [3] }, '{"b":2,"c":[3],"a":1}'],
    [' { "a" : 1 , "b":2 } ', { c: 3 }, ' {"c":3, "a" : 1 , "b":2 } '],
    ['{"a":1}', {}, '{"a":1}'],
    ['{ }', { a: 1 }, '{"a":1 }'],
    ['{}', {}, '{}'],
  ])('%s with %j is %s', (json, members, expected) => {
    expect(utf8(insertFirst(scanJson(Buffer.from(json)), members))).toBe(expected);
  });
});
