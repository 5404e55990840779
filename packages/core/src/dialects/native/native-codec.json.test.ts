import { describe, expect, it } from 'vitest';
import { readNativeRequest } from './read-native-request.test-helper.js';

/** What RFC 8259 takes for a value. */
const accepted = [
  '0',
  '-0',
  '0.0',
  '10',
  '-1.5',
  '1e2',
  '1E2',
  '1e+2',
  '1E-2',
  '0e1',
  '1e400',
  '-1e-400',
  '123456789012345678901234567890',
  '""',
  '"a"',
  '"\\""',
  '"\\\\"',
  '"\\/"',
  '"\\b\\f\\n\\r\\t"',
  '"\\u0000"',
  '"\\uD83D\\uDE00"',
  '"\\ud800"',
  '"\\udc00\\ud800"',
  '"\u007f"',
  '"\u2028\u2029"',
  '"\ufeff"',
  '"\u{10ffff}"',
  '"//"',
  '"/**/"',
  '"null"',
  'true',
  'false',
  'null',
  '[]',
  '[ ]',
  '[[]]',
  '[1,2]',
  '[1 , "a" ,null ]',
  '[null,1,"1",{}]',
  '{}',
  '{ }',
  '{"":0}',
  '{"a":1,"a":2}',
  '{"a":{"b":[{}]}}',
  '{"\\u0061":"\\u0062"}',
  '{"a\\u0000":1}',
  '\t\r\n 1 \n',
];

/** What it does not. */
const refused = [
  '',
  '+1',
  '.1',
  '1.',
  '01',
  '-01',
  '-',
  '1e',
  '1e+',
  '0x1',
  '1_000',
  'NaN',
  'Infinity',
  '-Infinity',
  '1,5',
  '\uff11',
  '1a',
  '"',
  '"a',
  "'a'",
  '"\\"',
  '"\\x41"',
  '"\\a"',
  '"\\u12"',
  '"\\u12G4"',
  '"\\U0041"',
  '"\n"',
  '"\t"',
  '"\u0000"',
  '"\u001f"',
  '"\\\n"',
  'True',
  'FALSE',
  'nul',
  'nulls',
  'undefined',
  'None',
  'a',
  '\\u0031',
  '\u00a01',
  '\u20281',
  '\u000b1',
  '\u000c1',
  '\ufeff1',
  '[',
  ']',
  '[1',
  '1]',
  '[,]',
  '[1,]',
  '[,1]',
  '[1,,2]',
  '[1 2]',
  '[1;2]',
  '[}',
  '[1}',
  '["a":1]',
  '[/**/]',
  '[1] // x',
  '{',
  '}',
  '{a:1}',
  "{'a':1}",
  '{1:1}',
  '{"a"}',
  '{"a":}',
  '{:1}',
  '{"a" 1}',
  '{"a":1,}',
  '{,"a":1}',
  '{"a":1,,"b":2}',
  '{"a"::1}',
  '{"a":1 "b":2}',
  '{"a":1]',
  '{"a","b"}',
  '{null:1}',
  '{[]:1}',
  '{"a":1}}',
  '{}{}',
  '1 1',
  '[][]',
  '<a/>',
  '# 1',
  '*',
  '$1',
];

const bodyOf = (value: string) => `{"modelId":"a.b","x":${value}}`;

describe('the JSON of a request', () => {
  it.each(accepted)('may hold %j, which goes to the model as it is', (value) => {
    const { payload } = readNativeRequest(Buffer.from(bodyOf(value)));
    expect(Buffer.from(payload).toString()).toBe(`{"x":${value}}`);
  });

  it.each(refused)('may not hold %j', (value) => {
    expect(() => readNativeRequest(Buffer.from(bodyOf(value)))).toThrowError(
      expect.objectContaining({ code: 'invalid_json' }),
    );
  });

  it.each([
    ['an array', '[{"modelId":"a.b"}]'],
    ['a string', '"modelId"'],
    ['a number', '7'],
    ['null', 'null'],
    ['nothing', ''],
    ['white space', ' \n'],
    ['two objects', '{"modelId":"a.b"}{"modelId":"a.b"}'],
    ['one object to a line', '{"modelId":"a.b"}\n{"modelId":"a.b"}'],
    ['something after the object', '{"modelId":"a.b"} x'],
    ['a NUL after the object', '{"modelId":"a.b"}\u0000'],
    ['a byte order mark', '\ufeff{"modelId":"a.b"}'],
    ['a form', 'modelId=a.b&stream=true'],
    ['brackets without end', '['.repeat(5_000)],
  ])('may not be %s', (_name, body) => {
    expect(() => readNativeRequest(Buffer.from(body))).toThrowError(expect.objectContaining({ code: 'invalid_json' }));
  });

  it.each([
    ['a lone continuation byte', [0x80]],
    ['a byte that is none of UTF-8', [0xff]],
    ['a character cut short', [0xe2, 0x82]],
    ['a slash in two bytes', [0xc0, 0xaf]],
    ['a surrogate in three bytes', [0xed, 0xa0, 0x80]],
    ['a character beyond Unicode', [0xf4, 0x90, 0x80, 0x80]],
    ['Latin-1', [0xe9]],
  ])('may not hold %s', (_name, bytes) => {
    const body = Buffer.concat([Buffer.from('{"modelId":"a.b","x":"'), Buffer.from(bytes), Buffer.from('"}')]);
    expect(() => readNativeRequest(body)).toThrowError(expect.objectContaining({ code: 'invalid_json' }));
  });

  it('may not be UTF-16', () => {
    expect(() => readNativeRequest(Buffer.from('{"modelId":"a.b"}', 'utf16le'))).toThrowError(
      expect.objectContaining({ code: 'invalid_json' }),
    );
  });

  it('is refused without a word of it in the message', () => {
    expect(() => readNativeRequest(Buffer.from('{"modelId":"a.b","x": geheim}'))).toThrowError(
      expect.objectContaining({ message: expect.not.stringContaining('geheim') }),
    );
  });
});
