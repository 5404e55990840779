import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

beforeEach(() => void vi.resetModules());
afterEach(() => void vi.unstubAllEnvs());

const context = { awsRequestId: 'r-1', getRemainingTimeInMillis: () => 60_000 };
const event = { httpMethod: 'GET', resource: '/health', path: '/health', requestContext: {} };

describe('the exported handler', () => {
  it('of lambda answers in one piece with the configuration of the environment', async () => {
    vi.stubEnv('AUTH_TOKEN', 'a-token-of-many-characters');
    vi.stubEnv('LOG_LEVEL', 'silent');
    vi.stubEnv('CORS_ALLOWED_ORIGINS', 'off');
    const { handler } = await import('./lambda.js');
    expect(await handler(event, context)).toEqual({
      ...{ statusCode: 200, body: '{"status":"ok"}', isBase64Encoded: false },
      headers: { 'content-type': 'application/json', 'cache-control': 'no-store', 'x-request-id': 'r-1' },
    });
  });

  it('of lambda-stream is a streaming handler', async () => {
    vi.stubEnv('AUTH_TOKEN', 'a-token-of-many-characters');
    const { handler } = await import('./lambda-stream.js');
    expect(Reflect.get(handler, Symbol.for('aws.lambda.runtime.handler.streaming'))).toBe('response');
  });

  it.each(['./lambda.js', './lambda-stream.js'])(
    'cannot be imported if the configuration is invalid: %s',
    async (entry) => {
      vi.stubEnv('GATEWAY_TIMEOUT_MS', 'soon');
      vi.stubEnv('AUTH_TOKEN', 'a-token-of-many-characters');
      await expect(import(entry)).rejects.toThrowError('GATEWAY_TIMEOUT_MS must be a whole number');
    },
  );
});
