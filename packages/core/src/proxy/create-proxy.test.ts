import { describe, expect, it } from 'vitest';
import { inlineInvoker } from '../ports/inline-invoker.test-helper.js';
import { createProxy, type ProxyOptions } from './create-proxy.js';

const access = () => ({ allow: true, principal: 'team-a' }) as const;
const proxyOf = (options: Partial<ProxyOptions> = {}) => createProxy({ invoker: inlineInvoker(), access, ...options });

it('does not start without a policy', () => {
  const forgetful = { invoker: inlineInvoker() } as unknown as ProxyOptions;
  expect(() => createProxy(forgetful)).toThrow(/access.*allowAnonymous\(\)/);
});

describe('the options', () => {
  it('have defaults', () => {
    expect(proxyOf()).toMatchObject({
      observerTimeoutMs: 250,
      limits: {
        ...{ maxBodyBytes: 5_242_880, headWaitMs: 5_000, heartbeatMs: 10_000, firstEventTimeoutMs: 120_000 },
        ...{ idleTimeoutMs: 60_000, deadlineMarginMs: 2_000 },
      },
    });
    expect(proxyOf().dialects.map(({ name }) => name)).toEqual(['bedrock', 'anthropic', 'native']);
  });

  it('are taken one by one', () => {
    const proxy = proxyOf({ limits: { headWaitMs: 1 }, observerTimeoutMs: 2, dialects: [] });
    expect(proxy).toMatchObject({ observerTimeoutMs: 2, limits: { headWaitMs: 1, heartbeatMs: 10_000 }, dialects: [] });
    expect(proxy.access).toBe(access);
    expect(proxy).not.toHaveProperty('logger');
  });
});
