import type { RequestListener } from 'node:http';
import { describe, expect, it } from 'vitest';
import { bundles, startBundle } from '../conformance/bundles.ts';
import { askFunction, codeOf, eventOf } from './in-process-fronts.ts';
import { answering, startStore } from './start-store.ts';

const inSecret = (text: string) => answering(200, { SecretString: text });
const inParameter = (text: string) => answering(200, { Parameter: { Value: text } });
const sent = { headers: [['authorization', 'Bearer the-token-sent']] } as const;

describe('a store that cannot be used', () => {
  const misbehaviours: Readonly<Record<string, (hold: typeof inSecret) => RequestListener>> = {
    refuses: () => answering(400, { __type: 'AccessDeniedException', message: 'canary-of-the-store' }),
    fails: () => answering(500, 'canary-of-the-store'),
    'hangs up': () => (request) => request.socket.destroy(),
    'is empty': () => answering(200, ''),
    'has something else': () => answering(200, { canary: 'canary-of-the-store' }),
    'holds nothing': (hold) => hold(''),
    'holds half a record': (hold) => hold('[{"id":"canary-of-the-store"'),
    'holds an unusable record': (hold) => hold('[{"id":"canary-of-the-store","tokens":"the-token-sent"}]'),
    'is slow': () => () => {},
  };

  it.each<[string, string, 'function-url' | 'rest-api', typeof inSecret]>([
    ['AUTH_TOKENS_SECRET_ID', 'AWS_ENDPOINT_URL_SECRETS_MANAGER', 'function-url', inSecret],
    ['AUTH_TOKENS_PARAMETER', 'AWS_ENDPOINT_URL_SSM', 'rest-api', inParameter],
  ])('lets nobody in by %s', async (variable, endpoint, front, hold) => {
    await using store = await startStore(hold('[]'));
    const name = front === 'rest-api' ? 'api-gateway' : 'function-url';
    await using sandbox = await startBundle(bundles[name], { [variable]: 'tokens', [endpoint]: store.url });
    for (const [misbehaviour, respond] of Object.entries(misbehaviours)) {
      store.respondWith(respond(hold));
      const answer = await askFunction(sandbox.invoke, eventOf(front, sent));
      expect([misbehaviour, answer.statusCode, codeOf(answer)]).toEqual([misbehaviour, 503, 'auth_unavailable']);
      expect(answer.headers['retry-after']).toBe('5');
      expect(answer.body).not.toContain('canary');
    }
    // A list of nothing is a list that was read: it revokes every token.
    store.respondWith(hold('[]'));
    const refused = await askFunction(sandbox.invoke, eventOf(front, sent));
    expect(codeOf(refused)).toBe('invalid_token');
    expect(sandbox.log.text).toContain('auth.refresh_failed');
    expect(sandbox.log.text).not.toMatch(/canary|the-token-sent/);
  });
});
