import { describe, expect, it } from 'vitest';
import type { FrontUnderTest } from './front-under-test.js';
import { post, question } from './question.js';

/** What browsers are told where the pages that may read answers are listed. */
export function testListedOrigins(front: FrontUnderTest, listed: readonly string[]): void {
  describe('CORS_ALLOWED_ORIGINS', () => {
    it.each([...listed, undefined, 'null', 'https://app.example.com.evil.test', 'http://app.example.com'])(
      'lets answers vary by their Origin: %s',
      async (origin) => {
        const headers = origin === undefined ? {} : { origin };
        const preflight = await front.ask('/', { method: 'OPTIONS', headers });
        expect(preflight.status).toBe(204);
        const refused = await front.ask('/', post(question(), headers));
        expect(refused.status).toBe(401);
        expect(preflight.headers.vary).toBe('Origin, Access-Control-Request-Headers');
        expect(refused.headers.vary).toBe('Origin');
      },
    );
  });
}

/** That nothing is said where another layer speaks to browsers. */
export function testNoCors(front: FrontUnderTest): void {
  describe('CORS_ALLOWED_ORIGINS=off', () => {
    it('leaves every header of CORS to others', async () => {
      const headers = { origin: 'https://app.example.com' };
      for (const method of ['OPTIONS', 'GET']) {
        const answer = await front.ask('/health', { method, headers });
        expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
        expect(answer.headers).not.toHaveProperty('vary');
      }
    });
  });
}
