import { jwtTokens } from '@bedrock-proxy/core/jwt';
import { FakeInvoker } from '@bedrock-proxy/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { forgedTokens } from './forged-tokens.ts';
import { audience, issuer, keySet, valid } from './issuer.ts';
import { codeOf, frontNames, startFront } from './start-front.ts';

/** A token that contains a comma is refused with 400. */
const refusals = new Set(['401 invalid_token', '401 missing_token', '400 invalid_request']);
const jwksUrl = 'https://keys.example/set';
let fetched: string[];

beforeEach(() => {
  fetched = [];
  vi.stubGlobal('fetch', async (url: URL) => {
    fetched.push(url.href);
    return Response.json({ keys: keySet });
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
});

describe.each(frontNames)('the JWT check behind %s', (name) => {
  it('refuses at least 90 kinds of forged tokens', async () => {
    const invoker = new FakeInvoker().replyText('Hello');
    const front = startFront(name, { invoker, access: jwtTokens({ issuer, audience, jwksUrl }) });
    // The first request caches the keys, so that the forged tokens are checked with cached keys.
    expect((await front.ask({ headers: [['authorization', `Bearer ${valid()}`]] })).statusCode).toBe(200);
    const refused = new Set<string>();
    const admitted: string[] = [];
    for (const [kind, forged] of forgedTokens) {
      for (const headers of [[['authorization', `Bearer ${forged}`] as const], [['x-api-key', forged] as const]]) {
        const answer = await front.ask({ headers });
        if (refusals.has(`${answer.statusCode} ${codeOf(answer)}`)) refused.add(forged);
        else admitted.push(`${kind}: ${answer.statusCode}`);
      }
    }
    expect(admitted).toEqual([]);
    expect(refused.size).toBeGreaterThanOrEqual(90);
    expect(invoker.calls).toHaveLength(1);
    expect(new Set(fetched)).toEqual(new Set([jwksUrl]));
    expect(fetched.length).toBeLessThanOrEqual(2);
  });
});

describe('the JWT policy', () => {
  it.each(forgedTokens)('refuses a forged token before the keys are cached: %s', async (_, forged) => {
    const policy = jwtTokens({ issuer, audience, jwksUrl });
    expect(await policy({ requestId: '1', token: forged })).toEqual({
      allow: false,
      code: 'invalid_token',
      reason: expect.stringMatching(/^[a-z_]+$/),
    });
  });
});
