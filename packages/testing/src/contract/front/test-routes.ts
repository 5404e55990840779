import { describe, expect, it } from 'vitest';
import { expectRefusal } from './expect-refusal.js';
import type { FrontUnderTest } from './front-under-test.js';
import { post, question } from './question.js';

const preflight = {
  'access-control-allow-methods': 'GET, POST, OPTIONS',
  'access-control-allow-headers': 'authorization, content-type, x-api-key',
  'access-control-max-age': '86400',
  vary: 'Access-Control-Request-Headers',
};

/** Which paths and methods an adapter answers, and how. */
export function testRoutes(front: FrontUnderTest): void {
  describe('routes', () => {
    it.each([
      '',
      '/',
      '/chat',
      '/chat/',
      '/a/deep/path',
      '/caf%C3%A9/a%20b',
      '/a%3Fb',
      '/100%',
      '/v1x',
      '/models/a',
      '/a/v1/model',
    ])('speaks native at "%s", with a query or without', async (path) => {
      for (const query of ['', '?token=secret&a=1']) {
        const answer = await front.ask(path + query, post(question()));
        expect(answer.status).toBe(200);
        expect(JSON.parse(answer.text)).toMatchObject({ type: 'message' });
      }
    });

    it.each(['/v1', '/v1/', '/v1/a'])('keeps %s for others, whatever the method', async (path) => {
      const before = front.bedrock.requests.length;
      for (const method of ['POST', 'GET', 'PUT']) {
        expectRefusal(await front.ask(path, { ...post(question()), method }), { status: 404, code: 'not_found' });
      }
      expect(front.bedrock.requests.length).toBe(before);
    });

    it.each(['/health', '/health?verbose=1'])('is healthy at GET %s, without Bedrock', async (path) => {
      const before = front.bedrock.requests.length;
      const answer = await front.ask(path, { method: 'GET' });
      expect(answer).toMatchObject({ status: 200, text: '{"status":"ok"}' });
      expect(answer.headers['content-type']).toMatch(/^application\/json/);
      expect(answer.end).toMatchObject({ terminal: 'none', attempts: 0 });
      expect(front.bedrock.requests.length).toBe(before);
    });

    it('allows a preflight the headers that it asks for', async () => {
      const asked = 'authorization,traceparent,x-amz-content-sha256,x-stainless-os';
      const answer = await front.ask('/', {
        method: 'OPTIONS',
        headers: {
          ...{ origin: 'https://app.example.com', 'access-control-request-method': 'POST' },
          'access-control-request-headers': asked,
        },
      });
      expect(answer.headers['access-control-allow-headers']).toBe(asked.replaceAll(',', ', '));
    });

    it.each(['/', '/chat', '/health', '/v1/models'])('answers OPTIONS at %s with an empty 204', async (path) => {
      const answer = await front.ask(path, {
        method: 'OPTIONS',
        headers: { origin: 'https://app.example.com', 'access-control-request-method': 'POST' },
      });
      expect(answer).toMatchObject({ status: 204, text: '' });
      expect(answer.headers).toMatchObject(preflight);
    });

    it.each(['GET', 'PUT', 'PATCH', 'DELETE'])('answers %s with 405 and the methods that there are', async (method) => {
      const answer = await front.ask('/chat', { ...post(question()), method });
      expectRefusal(answer, { status: 405, code: 'method_not_allowed' });
      expect(answer.headers.allow).toBe('POST, OPTIONS');
    });
  });
}
