import { describe, expect, it } from 'vitest';
import { expectRefusal } from './expect-refusal.js';
import type { FrontUnderTest, LoggedAnswer } from './front-under-test.js';
import { post, question } from './question.js';
import type { SentHeaders } from './send-request.js';

/** What the client reads where its token is missing or wrong. A gateway may put the challenge under another name. */
function expectChallenge(answer: LoggedAnswer, code: 'missing_token' | 'invalid_token'): void {
  expectRefusal(answer, { status: 401, code });
  const { 'www-authenticate': own, 'x-amzn-remapped-www-authenticate': remapped } = answer.headers;
  const more = code === 'invalid_token' ? ', error="invalid_token"' : '';
  expect(own ?? remapped).toBe(`Bearer realm="bedrock-proxy"${more}`);
  expect(answer.end.principal).toBeNull();
}

/** Where a token may stand, for an adapter to which `token` is known as that of `principal`. */
export function testCredentials(front: FrontUnderTest, token: string, principal: string): void {
  const ask = (headers: SentHeaders, path = '/') => front.ask(path, post(question(), headers));

  describe('a token', () => {
    it.each<readonly [name: string, headers: SentHeaders]>([
      ['Authorization: Bearer', { authorization: `Bearer ${token}` }],
      ['AUTHORIZATION: bearer', { AUTHORIZATION: `bearer ${token}` }],
      ['X-Api-Key', { 'X-Api-Key': token }],
      ['x-api-key beside another scheme', { authorization: 'Basic dTpw', 'x-api-key': token }],
      ['a bearer beside a wrong x-api-key', { authorization: `Bearer ${token}`, 'x-api-key': 'wrong-token-entirely' }],
    ])('is read from %s', async (_, headers) => {
      const { status, end } = await ask(headers);
      expect(status).toBe(200);
      expect(end.principal).toBe(principal);
    });

    it.each<readonly [name: string, headers: SentHeaders]>([
      ['no header', {}],
      ['Bearer with nothing', { authorization: 'Bearer ' }],
      ['Bearer with nothing beside an x-api-key', { authorization: 'Bearer', 'x-api-key': token }],
      ['another scheme', { authorization: `Basic ${token}` }],
      ['a cookie', { cookie: `token=${token}` }],
    ])('is missing in %s', async (_, headers) => {
      expectChallenge(await ask(headers), 'missing_token');
    });

    it('is missing in the query', async () => {
      expectChallenge(await ask({}, `/?token=${token}&access_token=${token}&x-api-key=${token}`), 'missing_token');
    });

    it('is invalid whatever is wrong with it, and the client is not told what that is', async () => {
      const before = front.bedrock.requests.length;
      const messages = new Set<string>();
      for (const wrong of [
        'wrong-token-entirely',
        `${token}a`,
        token.slice(1),
        token.toUpperCase(),
        `${token} ${token}`,
      ]) {
        for (const headers of [{ authorization: `Bearer ${wrong}` }, { 'x-api-key': wrong }]) {
          const answer = await ask(headers);
          expectChallenge(answer, 'invalid_token');
          messages.add(JSON.parse(answer.text).error.message);
        }
      }
      expect([...messages]).toHaveLength(1);
      expect(front.bedrock.requests.length).toBe(before);
    });

    it.each<readonly [name: string, headers: SentHeaders]>([
      ['two headers', { authorization: [`Bearer ${token}`, `Bearer ${token}`] }],
      ['two headers of which one is wrong', { authorization: [`Bearer ${token}`, 'Bearer wrong-token-entirely'] }],
      ['one value with a comma', { authorization: `Bearer ${token}, Bearer ${token}` }],
    ])('is refused in %s', async (_, headers) => {
      expectRefusal(await ask(headers), { status: 400, code: 'invalid_request', issues: true });
    });
  });
}
