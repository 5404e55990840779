import type { RequestListener } from 'node:http';
import { describe, expect, it, vi } from 'vitest';
import { bundles, startBundle } from '../conformance/bundles.ts';
import { askFunction, codeOf, eventOf } from './start-front.ts';
import { replyWith, startStore } from './start-store.ts';

const secretReply = (text: string) => replyWith(200, { SecretString: text });
const parameterReply = (text: string) => replyWith(200, { Parameter: { Value: text } });
const sent = { headers: [['authorization', 'Bearer the-token-sent']] } as const;

describe('an unusable secret store', () => {
  const misbehaviours: Readonly<Record<string, (hold: typeof secretReply) => RequestListener>> = {
    refuses: () => replyWith(400, { __type: 'AccessDeniedException', message: 'canary-of-the-store' }),
    fails: () => replyWith(500, 'canary-of-the-store'),
    'closes the connection': () => (request) => request.socket.destroy(),
    'sends an empty answer': () => replyWith(200, ''),
    'sends other JSON': () => replyWith(200, { canary: 'canary-of-the-store' }),
    'holds an empty text': (hold) => hold(''),
    'holds truncated JSON': (hold) => hold('[{"id":"canary-of-the-store"'),
    'holds an invalid record': (hold) => hold('[{"id":"canary-of-the-store","tokens":"the-token-sent"}]'),
    'does not answer': () => () => {},
  };

  it.each<[string, string, 'function-url' | 'rest-api', typeof secretReply]>([
    ['AUTH_TOKENS_SECRET_ID', 'AWS_ENDPOINT_URL_SECRETS_MANAGER', 'function-url', secretReply],
    ['AUTH_TOKENS_PARAMETER', 'AWS_ENDPOINT_URL_SSM', 'rest-api', parameterReply],
  ])(
    'refuses every token with 503, and an empty list then revokes every token: %s',
    async (variable, endpoint, front, hold) => {
      await using store = await startStore(hold('[]'));
      const name = front === 'rest-api' ? 'api-gateway' : 'function-url';
      await using sandbox = await startBundle(bundles[name], { [variable]: 'tokens', [endpoint]: store.url });
      /** Sends requests until one of them causes a read. The store is read at most once a second. */
      const askUntilRead = () => {
        const before = store.requests.length;
        const ask = async () => {
          const answer = await askFunction(sandbox.invoke, eventOf(front, sent));
          expect(store.requests.length).toBeGreaterThan(before);
          return answer;
        };
        return vi.waitFor(ask, { interval: 100, timeout: 10_000 });
      };
      for (const [misbehaviour, respond] of Object.entries(misbehaviours)) {
        store.respondWith(respond(hold));
        const answer = await askUntilRead();
        expect([misbehaviour, answer.statusCode, codeOf(answer)]).toEqual([misbehaviour, 503, 'auth_unavailable']);
        expect(answer.headers['retry-after']).toBe('5');
        expect(answer.body).not.toContain('canary');
      }
      // An empty list is a valid list. It revokes every token.
      store.respondWith(hold('[]'));
      const refused = await askUntilRead();
      expect(codeOf(refused)).toBe('invalid_token');
      expect(sandbox.log.text).toContain('auth.refresh_failed');
      expect(sandbox.log.text).not.toMatch(/canary|the-token-sent/);
    },
  );
});
