import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

beforeEach(() => void vi.resetModules());
afterEach(() => void vi.unstubAllEnvs());

const context = { awsRequestId: 'r-1', getRemainingTimeInMillis: () => 60_000 };
const event = { httpMethod: 'GET', resource: '/health', path: '/health', requestContext: {} };

describe('the deployed handler', () => {
  it('answers in one piece, configured by the environment', async () => {
    vi.stubEnv('AUTH_TOKEN', 'a-token-of-many-characters');
    vi.stubEnv('LOG_LEVEL', 'silent');
    vi.stubEnv('CORS_ALLOWED_ORIGINS', 'off');
    const { handler } = await import('./lambda.js');
    expect(await handler(event, context)).toEqual({
      ...{ statusCode: 200, body: '{"status":"ok"}', isBase64Encoded: false },
      headers: { 'content-type': 'application/json', 'cache-control': 'no-store', 'x-request-id': 'r-1' },
    });
  });

  it('that streams is one that streams', async () => {
    vi.stubEnv('AUTH_TOKEN', 'a-token-of-many-characters');
    const { handler } = await import('./lambda-stream.js');
    expect(Reflect.get(handler, Symbol.for('aws.lambda.runtime.handler.streaming'))).toBe('response');
  });

  it.each(['./lambda.js', './lambda-stream.js'])(
    'cannot be imported with a configuration that cannot be used: %s',
    async (entry) => {
      vi.stubEnv('GATEWAY_TIMEOUT_MS', 'soon');
      vi.stubEnv('AUTH_TOKEN', 'a-token-of-many-characters');
      await expect(import(entry)).rejects.toThrowError('GATEWAY_TIMEOUT_MS must be a whole number');
    },
  );
});
