import { describe, expect, it } from 'vitest';
import { missingMembers, readJsonObject, rewrite } from './json-scan.js';

const rewritten = (json: string, cut: readonly string[], inserted: object) => {
  const object = readJsonObject(Buffer.from(json));
  const gone = new Set(object.members.filter(({ key }) => cut.includes(key)));
  return Buffer.from(rewrite(object, gone, { ...inserted })).toString();
};

describe('rewrite', () => {
  it.each([
    ['{}', [], { a: 1 }, '{"a":1}'],
    [' { } ', [], { a: 1 }, ' {"a":1 } '],
    ['{"b":1.0}', [], { a: 1 }, '{"a":1,"b":1.0}'],
    ['{ "b" : 1.0 }', [], { a: 1 }, '{"a":1, "b" : 1.0 }'],
    ['{"b":1,"c":2,"b":3}', ['b'], { a: 1 }, '{"a":1,"c":2}'],
    ['{"b":1,"c":2,"b":3}', ['b', 'c'], { a: 1 }, '{"a":1}'],
    ['{"b":1,"c":2}', ['b', 'c'], {}, '{}'],
    ['{"b":1, "c":2 ,"d":3}', ['c'], {}, '{"b":1,"d":3}'],
    ['{"b":1}', [], {}, '{"b":1}'],
  ])('cuts and inserts: %s', (json, cut, inserted, result) => {
    expect(rewritten(json, cut, inserted)).toBe(result);
  });
});

describe('missingMembers', () => {
  it('gives the defaults of which the object has none, at its top level', () => {
    const json = Buffer.from('{"a":null,"\\u0062":1,"x":{"c":1}}');
    expect(missingMembers(json, { a: 1, b: 2, c: 3 })).toEqual({ c: 3 });
    expect(missingMembers(json, {})).toEqual({});
    expect(missingMembers(json)).toEqual({});
  });
});
