import { allOf, allowAnonymous, bearerTokens, ipAllowlist } from '@bedrock-proxy/core';
import { FakeInvoker } from '@bedrock-proxy/testing';
import { describe, expect, it } from 'vitest';
import { codeOf, frontNames, startFront } from './start-front.ts';

const allowed = '10.1.2.3';
const spoofableHeaders = [
  'X-Forwarded-For',
  'X-Real-IP',
  'Forwarded',
  'X-Client-IP',
  'True-Client-IP',
  'CF-Connecting-IP',
  'Via',
];

describe.each(frontNames)('the IP allowlist behind %s', (name) => {
  const start = () =>
    startFront(name, {
      invoker: new FakeInvoker().replyText('Hi').replyText('Hi').replyText('Hi').replyText('Hi'),
      access: allOf(ipAllowlist(['10.0.0.0/8', '2001:db8::/32']), allowAnonymous()),
    });

  it.each([allowed, '::ffff:10.1.2.3', '::ffff:a01:203', '2001:db8::7'])('admits %s', async (sourceIp) => {
    expect((await start().ask({ sourceIp })).statusCode).toBe(200);
  });

  it.each([
    '11.1.2.3',
    '::ffff:11.1.2.3',
    '2001:db9::7',
    null,
    '',
    'unknown',
    `${allowed}, 11.1.2.3`,
    `${allowed}:443`,
  ])('refuses %j, even if a header claims an allowed address', async (sourceIp) => {
    for (const header of spoofableHeaders) {
      for (const value of [allowed, `for=${allowed}`, `${allowed}, 11.1.2.3`, `11.1.2.3, ${allowed}`]) {
        const answer = await start().ask({ sourceIp, headers: [[header, value]] });
        expect([answer.statusCode, codeOf(answer), answer.headers['www-authenticate']]).toEqual([
          403,
          'ip_not_allowed',
          undefined,
        ]);
      }
    }
  });

  it('is checked before path, method and credential, but not for a preflight or a health check', async () => {
    const sourceIp = '11.1.2.3';
    const front = startFront(name, {
      invoker: new FakeInvoker(),
      access: allOf(bearerTokens([]), ipAllowlist(['10.0.0.0/8'])),
    });
    for (const sent of [
      { path: '/v1/models' },
      { method: 'DELETE' },
      { headers: [['authorization', 'a']] as const },
      {},
    ]) {
      expect(codeOf(await front.ask({ ...sent, sourceIp }))).toBe('ip_not_allowed');
    }
    expect((await front.ask({ sourceIp, method: 'OPTIONS' })).statusCode).toBe(204);
    expect((await front.ask({ sourceIp, method: 'GET', path: '/health' })).statusCode).toBe(200);
    expect(codeOf(await front.ask({ sourceIp: allowed, path: '/v1/a' }))).toBe('not_found');
    expect(codeOf(await front.ask({ sourceIp: allowed, method: 'DELETE' }))).toBe('method_not_allowed');
    expect(codeOf(await front.ask({ sourceIp: allowed }))).toBe('missing_token');
  });
});
