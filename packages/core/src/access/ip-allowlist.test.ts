import { describe, expect, it } from 'vitest';
import { ipAllowlist } from './ip-allowlist.js';

describe('ipAllowlist', () => {
  const policy = ipAllowlist(['10.0.0.0/8']);

  it('admits a caller from one of the ranges as anonymous', () => {
    expect(policy({ requestId: '1', sourceIp: '10.1.2.3' })).toEqual({ allow: true, principal: 'anonymous' });
    expect(policy.admitsSource?.('10.1.2.3')).toBe(true);
  });

  it.each([undefined, '11.1.2.3', 'nowhere'])('refuses a caller from %j, even with a token', (sourceIp) => {
    const request = { requestId: '1', token: 'any', ...(sourceIp !== undefined && { sourceIp }) };
    expect(policy(request)).toEqual({ allow: false, code: 'ip_not_allowed' });
    expect(policy.admitsSource?.(sourceIp)).toBe(false);
  });
});
