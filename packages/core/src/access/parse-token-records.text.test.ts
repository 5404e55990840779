import { describe, expect, it } from 'vitest';
import { readTokenArray, readTokenText } from './parse-token-records.js';

describe('readTokenText', () => {
  it('reads a single token with the principal default', () => {
    expect(readTokenText(' a-bare-token\n')).toEqual([{ id: 'default', token: 'a-bare-token' }]);
  });

  it('reads a JSON array of records', () => {
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
  ])('refuses %j without quoting it', (text) => {
    expect(() => readTokenText(text)).toThrow(TypeError);
    expect(() => readTokenText(text)).not.toThrow(/canary/);
  });

  it('refuses a token of fewer than 8 characters', () => {
    const text = (token: string) =>
      JSON.stringify([
        { id: 'a', sha256: '0'.repeat(64) },
        { id: 'b', token },
      ]);
    expect(() => readTokenText(text('1234567'))).toThrow('Token record [1].token must have at least 8 characters.');
    expect(readTokenText(text('12345678'))).toHaveLength(2);
    expect(() => readTokenText('1234567')).toThrow('at least 8');
    expect(readTokenText('12345678')).toHaveLength(1);
  });
});

describe('readTokenArray', () => {
  it('refuses a single token', () => {
    expect(() => readTokenArray('a-bare-token')).toThrow('The value is not valid JSON.');
    expect(() => readTokenArray('"a-bare-token"')).toThrow('The value must be an array of token records.');
  });
});
