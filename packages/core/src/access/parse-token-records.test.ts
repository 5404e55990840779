import { describe, expect, it } from 'vitest';
import { parseTokenRecords } from './parse-token-records.js';

const good = { id: 'a', token: 'canary-token' };

describe('parseTokenRecords', () => {
  it('accepts a record with all fields', () => {
    const record = {
      id: 'Équipe A',
      sha256: 'AB'.repeat(32),
      models: ['anthropic.*'],
      ips: ['10.0.0.0/8', '::1'],
      stream: false,
      notBefore: '2026-01-01',
      expiresAt: '2026-12-31T23:59:59.999+02:00',
      disabled: true,
      guardrail: 'abc123:DRAFT',
      serviceTier: 'flex',
      latency: 'optimized',
      metadata: { team: '$principal' },
      modelAliases: { 'a.b': 'arn:aws:bedrock:eu-west-1:123456789012:application-inference-profile/abc123' },
      clientOptions: ['service-tier', 'metadata'],
    };
    expect(parseTokenRecords([good, record])).toEqual([good, record]);
  });

  it.each([
    '2026-02-28',
    '2026-02-28T10:00Z',
    '2026-02-28T10:00:00',
    '2026-02-28T10:00:00.5Z',
    '2026-02-28T10:00-05:30',
  ])('accepts the time %s', (time) => {
    expect(() => parseTokenRecords([{ ...good, expiresAt: time, notBefore: time }])).not.toThrow();
  });

  it.each<[unknown, string]>([
    [undefined, 'The value must be an array of token records.'],
    [{ ...good }, 'The value must be an array of token records.'],
    ['canary', 'The value must be an array of token records.'],
    [[good, null], 'Token record [1] must be an object.'],
    [[good, 'canary'], 'Token record [1] must be an object.'],
    [[good, [good]], 'Token record [1] must be an object.'],
    [[{ token: 'canary-token' }], 'Token record [0].id must be a string.'],
    [[{ ...good, id: 7 }], 'Token record [0].id must be a string.'],
    [[{ ...good, id: '' }], 'Token record [0].id must have 1 to 128 characters.'],
    [[{ ...good, id: ' ' }], 'Token record [0].id must have 1 to 128 characters.'],
    [[{ ...good, id: 'a\nb' }], 'Token record [0].id must have 1 to 128 characters.'],
    [[{ ...good, id: 'a'.repeat(129) }], 'Token record [0].id must have 1 to 128 characters.'],
    [[{ id: 'a' }], 'Token record [0] needs token or sha256, not both.'],
    [[{ ...good, sha256: '0'.repeat(64) }], 'Token record [0] needs token or sha256, not both.'],
    [[{ ...good, token: '' }], 'Token record [0].token must be printable ASCII without spaces and commas.'],
    [[{ ...good, token: 'canary token' }], 'Token record [0].token must be printable ASCII without spaces and commas.'],
    [[{ ...good, token: 'canary,token' }], 'Token record [0].token must be printable ASCII without spaces and commas.'],
    [[{ ...good, token: 'canaryé' }], 'Token record [0].token must be printable ASCII without spaces and commas.'],
    [[{ ...good, token: 'canary\n' }], 'Token record [0].token must be printable ASCII without spaces and commas.'],
    [[{ ...good, token: 1 }], 'Token record [0].token must be a string.'],
    [[{ id: 'a', sha256: '0'.repeat(63) }], 'Token record [0].sha256 must be 64 hex digits.'],
    [[{ id: 'a', sha256: '0'.repeat(65) }], 'Token record [0].sha256 must be 64 hex digits.'],
    [[{ id: 'a', sha256: `${'0'.repeat(63)}g` }], 'Token record [0].sha256 must be 64 hex digits.'],
    [[{ ...good, models: 'anthropic.*' }], 'Token record [0].models must be an array of globs.'],
    [[{ ...good, models: ['a', 1] }], 'Token record [0].models[1] must be a string.'],
    [[{ ...good, models: null }], 'Token record [0].models must be an array of globs.'],
    [[{ ...good, ips: '10.0.0.0/8' }], 'Token record [0].ips must be an array of CIDRs.'],
    [[{ ...good, ips: ['10.0.0.0/8', 'canary'] }], 'Token record [0].ips must be CIDRs such as 10.0.0.0/8.'],
    [
      [{ ...good, guardrail: 'abc123' }],
      'Token record [0].guardrail must be <id or ARN>:<version or DRAFT>, or false.',
    ],
    [[{ ...good, guardrail: true }], 'Token record [0].guardrail must be <id or ARN>:<version or DRAFT>, or false.'],
    [
      [{ ...good, clientOptions: 'trace' }],
      'Token record [0].clientOptions must be an array of guardrail, trace, service-tier, latency, metadata.',
    ],
    [
      [{ ...good, clientOptions: ['canary'] }],
      'Token record [0].clientOptions[0] must be one of guardrail, trace, service-tier, latency, metadata.',
    ],
    [
      [{ ...good, serviceTier: 'canary' }],
      'Token record [0].serviceTier must be one of default, flex, priority, reserved.',
    ],
    [[{ ...good, latency: 'canary' }], 'Token record [0].latency must be one of standard, optimized.'],
    [[{ ...good, metadata: [] }], 'Token record [0].metadata must be a JSON object of strings.'],
    [[{ ...good, metadata: {} }], 'Token record [0].metadata must have 1 to 16 members.'],
    [
      [{ ...good, modelAliases: { 'a.b': 'canary' } }],
      'Token record [0].modelAliases must be an object of model ids and ARNs of application inference profiles.',
    ],
    [[{ ...good, stream: 'false' }], 'Token record [0].stream must be true or false.'],
    [[{ ...good, disabled: 1 }], 'Token record [0].disabled must be true or false.'],
    [
      [{ ...good, expiresAt: 'tomorrow' }],
      'Token record [0].expiresAt must be an ISO 8601 time such as 2026-12-31T00:00:00Z.',
    ],
    [
      [{ ...good, expiresAt: '2026-02-30' }],
      'Token record [0].expiresAt must be an ISO 8601 time such as 2026-12-31T00:00:00Z.',
    ],
    [
      [{ ...good, notBefore: 1767225600 }],
      'Token record [0].notBefore must be an ISO 8601 time such as 2026-12-31T00:00:00Z.',
    ],
    ...['2026-02-28T24:00Z', '2026-13-01', '2026-02-28T10:00+24:00', '2026-2-28', '2026-02-28T10Z', ' 2026-02-28'].map(
      (expiresAt): [unknown, string] => [
        [{ ...good, expiresAt }],
        'Token record [0].expiresAt must be an ISO 8601 time such as 2026-12-31T00:00:00Z.',
      ],
    ),
    [new Array(1), 'Token record [0] must be an object.'],
    [
      [good, { ...good, expires: '2026-01-01' }],
      'Token record [1] has an unknown field; allowed are id, token, sha256, models, ips, stream, notBefore, expiresAt, disabled, guardrail, serviceTier, latency, metadata, modelAliases, clientOptions, team and limits.',
    ],
  ])('refuses %j with an error that names only the place', (value, message) => {
    expect(() => parseTokenRecords(value)).toThrow(new TypeError(message));
    expect(message).not.toContain('canary');
  });
});
