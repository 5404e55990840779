import { afterEach, beforeEach, expect, it, vi } from 'vitest';

beforeEach(() => void vi.resetModules());
afterEach(() => void vi.unstubAllEnvs());

it('is a handler that streams, configured by the environment', async () => {
  vi.stubEnv('AUTH_TOKEN', 'a-token-of-many-characters');
  const { handler } = await import('./lambda.js');
  expect(Reflect.get(handler, Symbol.for('aws.lambda.runtime.handler.streaming'))).toBe('response');
});

it('cannot be imported with a configuration that cannot be used', async () => {
  vi.stubEnv('AUTH_TOKEN', 'short');
  await expect(import('./lambda.js')).rejects.toThrowError(/^AUTH_TOKEN (?!.*short)/);
});
