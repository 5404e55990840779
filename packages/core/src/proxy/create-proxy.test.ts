import { describe, expect, it } from 'vitest';
import { inlineInvoker } from '../ports/inline-invoker.test-helper.js';
import { createProxy, type ProxyOptions } from './create-proxy.js';

const access = () => ({ allow: true, principal: 'team-a' }) as const;
const proxyOf = (options: Partial<ProxyOptions> = {}) => createProxy({ invoker: inlineInvoker(), access, ...options });

it('does not start without a policy', () => {
  const forgetful = { invoker: inlineInvoker() } as unknown as ProxyOptions;
  expect(() => createProxy(forgetful)).toThrow(/access.*allowAnonymous\(\)/);
});

it.each([undefined, null, {}, { invoke: async () => {} }, { stream: async () => {} }, { invoke: 1, stream: 1 }])(
  'does not start with the invoker %j',
  (invoker) => {
    const options = { ...(invoker !== undefined && { invoker }), access } as unknown as ProxyOptions;
    expect(() => createProxy(options)).toThrow(
      /^createProxy needs invoker, an object with invoke and stream; createBedrockInvoker\(\) is one\.$/,
    );
  },
);

it.each([undefined, Number.NaN, -1, 'soon'])('does not start with the limit %s', (limit) => {
  const limits = { idleTimeoutMs: limit } as unknown as { idleTimeoutMs: number };
  expect(() => proxyOf({ limits })).toThrow(/^createProxy needs limits\.idleTimeoutMs to be a number of at least 0\.$/);
});

describe('the options', () => {
  it('have defaults', () => {
    expect(proxyOf()).toMatchObject({
      observerTimeoutMs: 250,
      limits: {
        ...{ maxBodyBytes: 6_000_000, headWaitMs: 5_000, heartbeatMs: 10_000, firstEventTimeoutMs: 300_000 },
        ...{ idleTimeoutMs: 300_000, deadlineMarginMs: 2_000 },
      },
    });
    expect(proxyOf().dialects.map(({ name }) => name)).toEqual(['bedrock', 'anthropic', 'openai', 'native']);
  });

  it('are taken one by one', () => {
    const proxy = proxyOf({ limits: { headWaitMs: 1 }, observerTimeoutMs: 2, dialects: [] });
    expect(proxy).toMatchObject({ observerTimeoutMs: 2, limits: { headWaitMs: 1, heartbeatMs: 10_000 }, dialects: [] });
    expect(proxy.access).toBe(access);
    expect(proxy).not.toHaveProperty('logger');
  });
});

describe('settings of Bedrock', () => {
  const guardrail = { id: 'abc123', version: '1' };
  const aliases = { fast: { targets: [{ model: 'us.amazon.nova-lite-v1:0', options: { guardrail } }] } };

  it('that Bedrock would refuse do not start', () => {
    expect(() => proxyOf({ callOptions: { requestMetadata: { 'a|b': 'c' } } })).toThrow(
      /^createProxy: callOptions\.requestMetadata must have keys of/,
    );
    expect(() => proxyOf({ callOptions: { requestMetadata: { team: '$principal' } } })).not.toThrow();
  });

  it('of a target may replace a guardrail, but never be the only ones to name one', () => {
    expect(() => proxyOf({ aliases })).toThrow('The alias fast: the guardrail of a target needs one of the proxy');
    expect(() => proxyOf({ aliases, callOptions: { guardrail } })).not.toThrow();
  });
});
