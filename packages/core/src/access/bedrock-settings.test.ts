import { describe, expect, it } from 'vitest';
import { areModelAliases, readGuardrail, readMetadata } from './bedrock-settings.js';

const arn = 'arn:aws:bedrock:us-east-1:123456789012:guardrail/abc123';

describe('a guardrail', () => {
  it.each([
    ['abc123:1', { id: 'abc123', version: '1' }],
    ['abc123:DRAFT', { id: 'abc123', version: 'DRAFT' }],
    [`${arn}:12`, { id: arn, version: '12' }],
    ['arn:aws-us-gov:bedrock:us-gov-west-1:123456789012:guardrail/a:3', expect.objectContaining({ version: '3' })],
  ])('is read from %s', (text, guardrail) => {
    expect(readGuardrail(text)).toEqual(guardrail);
  });

  it.each(['', 'abc123', 'abc123:', ':1', 'abc123:0', 'abc123:draft', 'ABC:1', 'abc:1 ', arn, `${arn}:x`, 'a:1:2'])(
    'is not in %j',
    (text) => {
      expect(readGuardrail(text)).toBeUndefined();
    },
  );
});

describe('request metadata', () => {
  const pairs = (count: number, value = 'v') =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`key-${index}`, value]));

  it.each([
    [{ team: 'a' }],
    [{ team: '' }],
    [{ 'a b:_@$#=/+,.-9': 'Z\t\n' }],
    [{ ['k'.repeat(256)]: 'v'.repeat(256) }],
    [pairs(16)],
  ])('%# is read as it is', (value) => {
    expect(readMetadata(value)).toEqual({ metadata: value });
  });

  it.each([
    [undefined, 'must be a JSON object of strings'],
    [null, 'must be a JSON object of strings'],
    [['a'], 'must be a JSON object of strings'],
    [{}, 'must have 1 to 16 members'],
    [pairs(17), 'must have 1 to 16 members'],
    [{ team: 1 }, 'must have keys'],
    [{ '': 'a' }, 'must have keys'],
    [{ team: 'a|b' }, 'must have keys'],
    [{ 'a|b': 'team' }, 'must have keys'],
    [{ team: 'v'.repeat(257) }, 'must have keys'],
    [{ ['k'.repeat(257)]: 'v' }, 'must have keys'],
    [{ team: 'é' }, 'must have keys'],
  ])('%# is refused', (value, fault) => {
    expect(readMetadata(value)).toEqual({ fault: expect.stringContaining(fault) });
  });

  it('has at most 8,500 characters in all', () => {
    // Each line feed has two characters in JSON.
    const last = 'k'.repeat(256);
    const metadata = { ...pairs(15, '\n'.repeat(256)), [last]: '' };
    const rest = 8_500 - JSON.stringify(metadata).length;
    const value = '\n'.repeat(rest / 2) + 'v'.repeat(rest % 2);
    const fits = { ...metadata, [last]: value };
    expect(JSON.stringify(fits)).toHaveLength(8_500);
    expect(readMetadata(fits)).toEqual({ metadata: fits });
    expect(readMetadata({ ...fits, [last]: `${value}v` })).toEqual({
      fault: 'must have at most 8500 characters in all',
    });
  });
});

describe('aliases of models', () => {
  const profile = 'arn:aws:bedrock:eu-west-1:123456789012:application-inference-profile/abc123';

  it('stand for application inference profiles alone', () => {
    expect(areModelAliases({})).toBe(true);
    expect(areModelAliases({ 'a.b': profile })).toBe(true);
    for (const value of [
      null,
      [],
      { 'a.b': 1 },
      { 'a.b': 'c.d' },
      { 'a.b': ` ${profile}` },
      { 'a.b': `${profile}/x` },
    ]) {
      expect(areModelAliases(value)).toBe(false);
    }
  });
});
