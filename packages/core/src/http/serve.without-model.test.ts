import { describe, expect, it } from 'vitest';
import { allowAnonymous } from '../access/allow-anonymous.js';
import { ProxyError } from '../errors/proxy-error.js';
import { inlineInvoker } from '../ports/inline-invoker.test-helper.js';
import { createProxy } from '../proxy/create-proxy.js';
import type { BufferedAnswer } from './http-answer.js';
import { serve } from './serve.js';

const everyAnswer = {
  'x-request-id': 'r-1',
  'access-control-allow-origin': '*',
  'access-control-expose-headers':
    'x-request-id, retry-after, www-authenticate, x-amzn-remapped-www-authenticate, request-id, x-should-retry, x-proxy-dropped, x-proxy-estimate, x-served-model',
};
const errorHeaders = {
  'content-type': 'application/json; charset=utf-8',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
};

const logger = { info() {}, warn() {}, error() {} };
const invoker = inlineInvoker();
const proxy = createProxy({ invoker, access: allowAnonymous(), logger });
const { signal } = new AbortController();

async function ask(method: string, path: string) {
  const request = { front: 'test', requestId: 'r-1', method, path, headers: {}, body: '{}', signal };
  const { status, headers, body } = (await serve(proxy, request)) as BufferedAnswer;
  expect(invoker.calls).toEqual([]);
  return { status, headers, body };
}

describe('a request that needs no model', () => {
  it.each(['/', '/health', '/v1/x', '/any/thing'])('is a preflight of %s', async (path) => {
    expect(await ask('OPTIONS', path)).toEqual({
      status: 204,
      headers: {
        'access-control-allow-methods': 'GET, POST, OPTIONS',
        'access-control-allow-headers': 'authorization, content-type, x-api-key',
        'access-control-max-age': '86400',
        vary: 'Access-Control-Request-Headers',
        ...everyAnswer,
      },
      body: '',
    });
  });

  it('varies with what its CORS headers depend on', async () => {
    const request = { front: 'test', requestId: 'r-1', method: 'OPTIONS', path: '/', headers: {}, signal };
    const { headers } = await serve(proxy, request, { cors: ['https://example.com'] });
    expect(headers['vary']).toBe('Origin, Access-Control-Request-Headers');
  });

  it('is a health check', async () => {
    expect(await ask('GET', '/health')).toMatchObject({
      status: 200,
      headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...everyAnswer },
      body: '{"status":"ok"}',
    });
  });

  it.each([
    ['GET', '/', 405],
    ['HEAD', '/health', 405],
    ['DELETE', '/chat', 405],
    ['GET', '/health/x', 405],
    ['POST', '/v1', 404],
    ['GET', '/v1/chat/completions', 405],
    ['POST', '/v1/completions', 404],
  ])('is refused: %s %s is %i', async (method, path, status) => {
    expect(await ask(method, path)).toMatchObject({ status, headers: everyAnswer });
  });

  it.each([
    ['GET', '/model/a/invoke', 405],
    ['GET', '/model/a', 404],
    ['GET', '/inference-profiles', 404],
  ])('is refused in the form of Bedrock: %s %s is %i', async (method, path, status) => {
    const { headers, body, ...answer } = await ask(method, path);
    expect(answer.status).toBe(status);
    expect(headers['x-amzn-errortype']).toBe('UnknownOperationException');
    expect(headers['access-control-expose-headers']).toMatch(/, x-amzn-errortype, x-amzn-requestid$/);
    expect(JSON.parse(String(body))).toEqual({ message: expect.stringMatching(/\S/) });
  });

  it.each(['/', '', '/health', '/v1x', '/models', '/V1', '/x/v1', '/chat/model'])(
    'is none at POST %s',
    async (path) => {
      expect(await ask('POST', path)).toMatchObject({ status: 400 });
    },
  );

  it('is an event that no handler serves', async () => {
    const error = new ProxyError('internal', { message: 'Use another handler.' });
    expect(await serve(proxy, { front: 'test', requestId: 'r-1', signal, error })).toMatchObject({
      status: 500,
      headers: { ...errorHeaders, ...everyAnswer },
      body: '{"error":{"code":"internal","message":"Use another handler.","requestId":"r-1"}}',
    });
  });
});
