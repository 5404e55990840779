import { describe, expect, it } from 'vitest';
import { readTokenArray, readTokenText } from './parse-token-records.js';

describe('the text of a secret', () => {
  it('is one bare token, whose principal is default', () => {
    expect(readTokenText(' a-bare-token\n')).toEqual([{ id: 'default', token: 'a-bare-token' }]);
  });

  it('is a JSON array of records', () => {
    const records = [{ id: 'a', token: 'secret-1' }];
    expect(readTokenText(`\n${JSON.stringify(records)}`)).toEqual(records);
    expect(readTokenText('[]')).toEqual([]);
  });

  it.each([
    '',
    ' ',
    'canary7',
    'canary token',
    'canary,token',
    '{"token":"canary-token"}',
    '[canary',
    '[{"id":"canary"}]',
    '"é-canary"',
  ])('is neither in %j, which is not quoted', (text) => {
    expect(() => readTokenText(text)).toThrow(TypeError);
    expect(() => readTokenText(text)).not.toThrow(/canary/);
  });

  it('holds no token of fewer than 8 characters', () => {
    const text = (token: string) =>
      JSON.stringify([
        { id: 'a', sha256: '0'.repeat(64) },
        { id: 'b', token },
      ]);
    expect(() => readTokenText(text('1234567'))).toThrow('[1].token must have at least 8 characters.');
    expect(readTokenText(text('12345678'))).toHaveLength(2);
    expect(() => readTokenText('1234567')).toThrow('at least 8');
    expect(readTokenText('12345678')).toHaveLength(1);
  });

  it('of an array is never a bare token', () => {
    expect(() => readTokenArray('a-bare-token')).toThrow('The value is no valid JSON.');
    expect(() => readTokenArray('"a-bare-token"')).toThrow('The value must be an array of token records.');
  });
});
