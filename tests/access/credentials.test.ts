import { bearerTokens } from '@bedrock-proxy/core';
import { FakeInvoker } from '@bedrock-proxy/testing';
import { describe, expect, it } from 'vitest';
import { codeOf, frontNames, startFront } from './start-front.ts';

const token = 'the-token-of-team-a';
const access = bearerTokens([{ id: 'team-a', token }]);

type Expectation = 200 | 'missing_token' | 'invalid_token' | 'invalid_request';
type Row = readonly [name: string, headers: readonly (readonly [string, string])[], expected: Expectation];

const long = 'x'.repeat(9_000);

const rows: readonly Row[] = [
  ...['Authorization', 'authorization', 'AUTHORIZATION', 'aUtHoRiZaTiOn'].flatMap((name): Row[] => [
    [`${name}: Bearer`, [[name, `Bearer ${token}`]], 200],
    [`${name}: bearer`, [[name, `bearer ${token}`]], 200],
    [`${name}: BEARER`, [[name, `BEARER ${token}`]], 200],
    [`${name}: two spaces`, [[name, `Bearer  ${token}`]], 200],
    [`${name}: a tab`, [[name, `Bearer\t${token}`]], 200],
    [`${name}: white space at both ends`, [[name, ` \tBearer ${token}\t `]], 200],
    [`${name}: an empty value`, [[name, '']], 'missing_token'],
    [`${name}: white space`, [[name, ' \t ']], 'missing_token'],
    [`${name}: Bearer alone`, [[name, 'Bearer']], 'missing_token'],
    [`${name}: Bearer with white space`, [[name, 'Bearer \t ']], 'missing_token'],
    [`${name}: the token alone`, [[name, token]], 'missing_token'],
    [`${name}: Basic`, [[name, `Basic ${token}`]], 'missing_token'],
    [`${name}: no space after Bearer`, [[name, `Bearer${token}`]], 'missing_token'],
    [`${name}: Bearer with a colon`, [[name, `Bearer: ${token}`]], 'missing_token'],
    [`${name}: a wrong token`, [[name, 'Bearer another-token']], 'invalid_token'],
    [`${name}: the token in upper case`, [[name, `Bearer ${token.toUpperCase()}`]], 'invalid_token'],
    [`${name}: the token in quotes`, [[name, `Bearer "${token}"`]], 'invalid_token'],
    [`${name}: the token twice`, [[name, `Bearer ${token} ${token}`]], 'invalid_token'],
    [`${name}: one character more`, [[name, `Bearer ${token}a`]], 'invalid_token'],
    [`${name}: one character fewer`, [[name, `Bearer ${token.slice(1)}`]], 'invalid_token'],
    [`${name}: a null byte at the end`, [[name, `Bearer ${token}\0`]], 'invalid_token'],
    [`${name}: percent-encoded`, [[name, `Bearer ${encodeURIComponent(token).replace('-', '%2D')}`]], 'invalid_token'],
    [`${name}: non-ASCII`, [[name, `Bearer ${token}é`]], 'invalid_token'],
    [`${name}: a Cyrillic letter`, [[name, `Bearer ${token.replace('a', 'а')}`]], 'invalid_token'],
    [`${name}: over 8 KB`, [[name, `Bearer ${long}`]], 'invalid_token'],
    [`${name}: the token, then 9 KB more`, [[name, `Bearer ${token}${long}`]], 'invalid_token'],
    [`${name}: the token twice, joined by a comma`, [[name, `Bearer ${token}, Bearer ${token}`]], 'invalid_request'],
    [`${name}: joined with another scheme`, [[name, `Bearer ${token},Basic eA==`]], 'invalid_request'],
    [`${name}: a comma at the end`, [[name, `Bearer ${token},`]], 'invalid_request'],
  ]),
  ...['x-api-key', 'X-Api-Key', 'X-API-KEY'].flatMap((name): Row[] => [
    [`${name}: the token`, [[name, token]], 200],
    [`${name}: white space at both ends`, [[name, ` ${token}\t`]], 200],
    [
      `${name}: with Basic in Authorization`,
      [
        ['authorization', 'Basic eA=='],
        [name, token],
      ],
      200,
    ],
    [`${name}: an empty value`, [[name, '']], 'missing_token'],
    [`${name}: white space`, [[name, ' ']], 'missing_token'],
    [`${name}: with a scheme`, [[name, `Bearer ${token}`]], 'invalid_token'],
    [`${name}: a wrong token`, [[name, 'another-token']], 'invalid_token'],
    [`${name}: over 8 KB`, [[name, long]], 'invalid_token'],
    [
      `${name}: with Bearer alone in Authorization`,
      [
        ['authorization', 'Bearer'],
        [name, token],
      ],
      'missing_token',
    ],
    [
      `${name}: with a wrong token in Authorization`,
      [
        ['authorization', 'Bearer another-token'],
        [name, token],
      ],
      'invalid_token',
    ],
    [
      `${name}: a wrong token, with the right one in Authorization`,
      [
        ['authorization', `Bearer ${token}`],
        [name, 'another-token'],
      ],
      200,
    ],
  ]),
  ['no header', [], 'missing_token'],
  [
    'the same header twice',
    [
      ['authorization', `Bearer ${token}`],
      ['authorization', `Bearer ${token}`],
    ],
    'invalid_request',
  ],
  [
    'the same header twice, with a wrong token first',
    [
      ['authorization', 'Bearer a'],
      ['authorization', `Bearer ${token}`],
    ],
    'invalid_request',
  ],
  [
    'two spellings of the header name',
    [
      ['authorization', `Bearer ${token}`],
      ['Authorization', `Bearer ${token}`],
    ],
    'invalid_request',
  ],
  [
    'two spellings of the header name, one with another scheme',
    [
      ['authorization', 'Basic eA=='],
      ['AUTHORIZATION', `Bearer ${token}`],
    ],
    'invalid_request',
  ],
  [
    'x-api-key twice',
    [
      ['x-api-key', token],
      ['x-api-key', token],
    ],
    'invalid_token',
  ],
  [
    'x-api-key in two spellings',
    [
      ['x-api-key', token],
      ['X-Api-Key', 'another-token'],
    ],
    'invalid_token',
  ],
  ...[
    'proxy-authorization',
    'x-authorization',
    'authorization2',
    'x-amz-security-token',
    'cookie',
    'x-forwarded-authorization',
    'api-key',
    'x_api_key',
  ].map((name): Row => [`${name}: the token`, [[name, `Bearer ${token}`]], 'missing_token']),
];

describe.each(frontNames)('the credential check behind %s', (name) => {
  it.each(rows)('handles %s', async (_, headers, expected) => {
    const invoker = new FakeInvoker().replyText('Hello');
    const front = startFront(name, { invoker, access });
    // The body is read only after the token is accepted. This body would be refused with 400.
    const invalidBody = { body: '{"modelId":' };
    const answer = await front.ask({ headers, ...(expected === 200 ? {} : invalidBody) });
    if (expected === 200) {
      expect(answer.statusCode).toBe(200);
      return;
    }
    expect({ status: answer.statusCode, code: codeOf(answer) }).toEqual({
      status: expected === 'invalid_request' ? 400 : 401,
      code: expected,
    });
    expect(answer.headers['www-authenticate']).toBe(
      {
        missing_token: 'Bearer realm="bedrock-proxy"',
        invalid_token: 'Bearer realm="bedrock-proxy", error="invalid_token"',
        invalid_request: undefined,
      }[expected],
    );
    expect(invoker.calls).toEqual([]);
    expect([answer.body, ...front.lines].join()).not.toContain(token);
  });

  it.each(['token', 'access_token', 'x-api-key', 'authorization', 'api_key'])(
    'ignores a token in ?%s',
    async (parameter) => {
      const front = startFront(name, { invoker: new FakeInvoker(), access });
      for (const value of [token, `Bearer ${token}`]) {
        expect(codeOf(await front.ask({ query: { [parameter]: value } }))).toBe('missing_token');
      }
    },
  );

  it('ignores a token in the body', async () => {
    const front = startFront(name, { invoker: new FakeInvoker(), access });
    const body = JSON.stringify({
      modelId: 'anthropic.x',
      token,
      authorization: `Bearer ${token}`,
      'x-api-key': token,
    });
    expect(codeOf(await front.ask({ body }))).toBe('missing_token');
  });

  it('gives the same answer for an unknown, a disabled and an expired token, and for a wrong address', async () => {
    const records = [
      { id: 'a', token: 'a-disabled-token', disabled: true },
      { id: 'b', token: 'an-expired-token', expiresAt: '2020-01-01' },
      { id: 'c', token: 'a-token-for-elsewhere', ips: ['203.0.113.0/24'] },
    ];
    const front = startFront(name, { invoker: new FakeInvoker(), access: bearerTokens(records) });
    const refusals = new Set<string>();
    for (const presented of ['unknown', ...records.map((record) => record.token)]) {
      const { statusCode, headers, body } = await front.ask({ headers: [['x-api-key', presented]] });
      const { 'x-request-id': requestId = '', ...others } = headers;
      refusals.add(JSON.stringify({ statusCode, others, body: body.replace(requestId, '') }));
    }
    expect(refusals.size).toBe(1);
  });
});
