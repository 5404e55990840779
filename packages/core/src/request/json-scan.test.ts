import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasMember, insertFirst, joinWithout, readJsonObject, scanJson } from './json-scan.js';

const utf8 = (bytes: Uint8Array) => Buffer.from(bytes).toString();

describe('scanJson', () => {
  it('gives every member with its key read, its value and everything between its commas', () => {
    const json = Buffer.from(' { "a" : 1 ,\n"b\\u0021":[2, {"c":3}]\t} \n');
    const { members, start, end, isEmpty } = scanJson(json);
    expect(utf8(json.subarray(0, start))).toBe(' {');
    expect(
      members.map((member) => [member.key, utf8(member.value), utf8(json.subarray(member.start, member.end))]),
    ).toEqual([
      ['a', ' 1 ', ' "a" : 1 '],
      ['b!', '[2, {"c":3}]\t', '\n"b\\u0021":[2, {"c":3}]\t'],
    ]);
    expect(utf8(json.subarray(end))).toBe('} \n');
    expect(isEmpty).toBe(false);
  });

  it('keeps only the members that are wanted', () => {
    const { members } = scanJson(Buffer.from('{"a":1,"b":2,"\\u0062":3}'), (key) => key === 'b');
    expect(members.map(({ key, value }) => [key, utf8(value)])).toEqual([
      ['b', '2'],
      ['b', '3'],
    ]);
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
    ['{}', { a: 1 }, '{"a":1}'],
    ['{ }', { a: 1 }, '{"a":1 }'],
    [' { "b":2}', { a: 1, c: [] }, ' {"a":1,"c":[], "b":2}'],
    ['{"b":2}', {}, '{"b":2}'],
    ['{"a":2}', { a: 1 }, '{"a":1,"a":2}'],
  ])('%s with %j', (json, members, expected) => {
    expect(utf8(insertFirst(scanJson(Buffer.from(json)), members))).toBe(expected);
  });
});

describe('readJsonObject', () => {
  const reasonOf = (body: Uint8Array | string) => {
    try {
      readJsonObject(typeof body === 'string' ? Buffer.from(body) : body);
    } catch (error) {
      return error instanceof Error ? error.message : error;
    }
    throw new Error('the body was accepted');
  };

  it.each([
    ['', 'The body is empty. Send a JSON object.'],
    [' \n', 'The body is empty. Send a JSON object.'],
    ['[{"a":1}]', 'The body is an array. Send a JSON object.'],
    ['modelId=a.b&stream=true', 'The body looks like form data. Send a JSON object.'],
    ['------b\r\nContent-Disposition: form-data', 'The body looks like form data. Send a JSON object.'],
    ['\ufeff{}', 'The body begins with a byte order mark. Send a JSON object without it.'],
    ['7', 'The body does not begin with { at byte 0. Send a JSON object.'],
    ['{"a":1,}', 'The body is not valid JSON: byte 7 must be a key in double quotes.'],
    ['{"a":[1,]}', 'The body is not valid JSON: byte 8 must be a value.'],
    ["{'a':1}", 'The body is not valid JSON: byte 1 must be a key in double quotes.'],
    ['{"a" 1}', 'The body is not valid JSON: byte 5 must be a colon.'],
    ['{"a":{"b" 1}}', 'The body is not valid JSON: byte 10 must be a colon.'],
    ['{"a":1 "b":2}', 'The body is not valid JSON: byte 7 must be a comma or the end of the object.'],
    ['{"a":{"b":1 "c":2}}', 'The body is not valid JSON: byte 12 must be a comma or }.'],
    ['{"a":[1 2]}', 'The body is not valid JSON: byte 8 must be a comma or ].'],
    ['{"a":1} x', 'The body is not valid JSON: byte 8 must be the end of the body.'],
    ['{"a":"b', 'The body is not valid JSON: byte 7 must be the closing quote of a string.'],
    ['{"a":"\n"}', 'The body is not valid JSON: byte 6 must be an escape: a string has no raw control character.'],
    ['{"a":"\\x"}', 'The body is not valid JSON: byte 7 must be a known escape.'],
    ['{"a":"\\u12G4"}', 'The body is not valid JSON: byte 10 must be a hexadecimal digit.'],
    ['{"a":-}', 'The body is not valid JSON: byte 6 must be a digit.'],
    [Buffer.from([0x1f, 0x8b, 8, 0]), 'The body is compressed. Send it as plain JSON, without content-encoding.'],
    [Buffer.from([0x7b, 0xff, 0x7d]), 'The body is not UTF-8. Encode it as UTF-8.'],
  ])('says where and why it refuses %j', (body, reason) => {
    expect(reasonOf(body)).toBe(reason);
  });

  it('accepts exactly the objects that JSON.parse accepts', () => {
    const piece = fc.constantFrom(
      ...[
        '{',
        '}',
        '[',
        ']',
        ',',
        ':',
        '"',
        '"a"',
        '""',
        '\\',
        '\\"',
        '\\u00e9',
        '\\ud800',
        '\\x',
        ' ',
        '\n',
        '\u0001',
      ],
      ...['0', '1', '-', '.', 'e', 'E', '+', '01', '1.5', '1e5', 'true', 'false', 'null', 'nul', 'é', '{"a":', '[1,'],
    );
    const random = fc.array(piece, { maxLength: 14 }).map((pieces) => `{"k":${pieces.join('')}`);
    const broken = fc.tuple(fc.json(), fc.nat(), piece).map(([json, place, inserted]) => {
      const object = `{"k":${json}}`;
      const at = place % (object.length + 1);
      return object.slice(0, at) + inserted + object.slice(at);
    });
    fc.assert(
      fc.property(
        fc.oneof(
          random,
          broken,
          fc.json().map((json) => `{"k":${json}}`),
        ),
        (body) => {
          let isValid = true;
          try {
            JSON.parse(body);
          } catch {
            isValid = false;
          }
          const bytes = Buffer.from(body);
          // A lone half of a character cannot be encoded.
          fc.pre(bytes.toString() === body);
          if (isValid) expect(() => readJsonObject(bytes)).not.toThrow();
          else expect(() => readJsonObject(bytes)).toThrow(expect.objectContaining({ code: 'invalid_json' }));
        },
      ),
      { numRuns: 3_000 },
    );
  });

  it('refuses 65 levels, and counts no bracket inside a string', () => {
    const nested = (levels: number) => `{"a":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`;
    expect(() => readJsonObject(Buffer.from(nested(64)))).not.toThrow();
    expect(reasonOf(nested(65))).toBe('The body nests deeper than 64 levels. Flatten it.');
    expect(() => readJsonObject(Buffer.from(`{"a":"${'['.repeat(99)}\\"${'{'.repeat(99)}"}`))).not.toThrow();
    expect(() => readJsonObject(Buffer.from(`{"a":[${'[],{},'.repeat(1_000)}[]]}`))).not.toThrow();
  });

  it.each([
    ['empty keys', `{${'"":0,'.repeat(1_040_000)}"modelId":"anthropic.x"}`],
    ['empty arrays', `{"a":[${'[],'.repeat(1_700_000)}0],"modelId":"anthropic.x"}`],
    ['members of a nested object', `{"a":{${Array.from({ length: 400_000 }, (_, n) => `"${n}":0`)}},"modelId":"a"}`],
    ['backslashes', `{"a":"${'\\\\'.repeat(2_600_000)}","modelId":"a"}`],
    ['brackets without end', `{"a":${'['.repeat(5_200_000)}`],
    ['blanks', `{"modelId":"a"${' '.repeat(5_200_000)}}`],
  ])('needs little memory for 5 MB of %s', (_, text) => {
    const body = Buffer.from(text);
    const before = process.memoryUsage();
    let members: unknown;
    try {
      ({ members } = readJsonObject(body, (key) => key === 'modelId'));
    } catch {
      members = [];
    }
    const after = process.memoryUsage();
    // Garbage counts here too: a parser's values would be tens or hundreds of megabytes.
    expect(after.heapUsed - before.heapUsed).toBeLessThan(body.length * 8);
    expect(members).toHaveLength(text.endsWith('}') ? 1 : 0);
  });
});

describe('hasMember', () => {
  it.each([
    '{"key":1}',
    '{"a":[{"b":{"key"  \n: 1}}]}',
    '{"\\u006bey":1}',
    '[{"key":1,"key":null}]',
    `{"key"${' '.repeat(200)}:1}`,
  ])('finds a key at any depth and in any form: %#', (json) => {
    expect(hasMember(Buffer.from(json), 'key')).toBe(true);
  });

  it.each(['{}', '"key"', '{"a":"key"}', '{"a":"\\"key\\":1"}', '["key"]', '{"keys":1}'])(
    'finds none in %s',
    (json) => {
      expect(hasMember(Buffer.from(json), 'key')).toBe(false);
    },
  );
});
