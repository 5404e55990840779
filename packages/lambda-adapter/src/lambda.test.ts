import { afterEach, beforeEach, expect, it, vi } from 'vitest';

beforeEach(() => void vi.resetModules());
afterEach(() => void vi.unstubAllEnvs());

it('lambda exports a streaming handler with the configuration of the environment', async () => {
  vi.stubEnv('AUTH_TOKEN', 'a-token-of-many-characters');
  const { handler } = await import('./lambda.js');
  expect(Reflect.get(handler, Symbol.for('aws.lambda.runtime.handler.streaming'))).toBe('response');
});

it('lambda throws at import if the configuration is invalid', async () => {
  vi.stubEnv('AUTH_TOKEN', 'short');
  await expect(import('./lambda.js')).rejects.toThrowError(/^AUTH_TOKEN (?!.*short)/);
});
