import { jwtTokens } from '@bedrock-proxy/core/jwt';
import { FakeInvoker } from '@bedrock-proxy/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { forgeries } from './forged-tokens.ts';
import { codeOf, frontNames, startFront } from './in-process-fronts.ts';
import { audience, issuer, keySet, valid } from './test-issuer.ts';

/** A comma makes two headers of one. */
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

describe.each(frontNames)('a forged JWT at %s', (name) => {
  it('comes in at least 90 kinds, of which none is admitted', async () => {
    const invoker = new FakeInvoker().replyText('Hello');
    const front = startFront(name, { invoker, access: jwtTokens({ issuer, audience, jwksUrl }) });
    // Keys that are there already are the easier prey.
    expect((await front.ask({ headers: [['authorization', `Bearer ${valid()}`]] })).statusCode).toBe(200);
    const refused = new Set<string>();
    const admitted: string[] = [];
    for (const [kind, forged] of forgeries) {
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

describe('a forged JWT, judged by itself', () => {
  it.each(forgeries)('is no valid token while the keys are still unknown: %s', async (_, forged) => {
    const policy = jwtTokens({ issuer, audience, jwksUrl });
    expect(await policy({ requestId: '1', token: forged })).toEqual({ allow: false, code: 'invalid_token' });
  });
});
