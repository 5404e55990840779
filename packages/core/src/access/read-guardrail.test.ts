import { describe, expect, it } from 'vitest';
import { readGuardrail } from './read-guardrail.js';

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
