import { expect, it, vi } from 'vitest';
import { allowAnonymous } from '../access/allow-anonymous.js';
import { inlineInvoker } from '../ports/inline-invoker.test-helper.js';
import { createProxy, type ModelProxy } from '../proxy/create-proxy.js';
import { serve } from './serve.js';

const ask = (proxy: ModelProxy, remainingMs?: number) =>
  serve(proxy, {
    ...{ front: 'test', requestId: 'r', method: 'GET', path: '/health', headers: {} },
    ...{ signal: new AbortController().signal, ...(remainingMs !== undefined && { remainingMs }) },
  });

it('warns of an invocation with less than 15 s, once for each proxy', async () => {
  const logger = { info: vi.fn(), warn: vi.fn(), error: vi.fn() };
  const aProxy = () => createProxy({ invoker: inlineInvoker(), access: allowAnonymous(), logger });
  const proxy = aProxy();
  await ask(proxy, 15_000);
  await ask(proxy);
  expect(logger.warn).not.toHaveBeenCalled();
  await ask(proxy, 14_999);
  await ask(proxy, 3_000);
  expect(logger.warn).toHaveBeenCalledExactlyOnceWith(
    { event: 'invocation.short', remainingMs: 14_999 },
    expect.stringContaining('raise the timeout of this function'),
  );
  await ask(aProxy(), 3_000);
  expect(logger.warn).toHaveBeenCalledTimes(2);
});

it('warns once if two requests are the first of their proxy at the same time', async () => {
  const logger = { info: vi.fn(), warn: vi.fn(), error: vi.fn() };
  const tracer = vi.fn(async () => undefined);
  const proxy = createProxy({ invoker: inlineInvoker(), access: allowAnonymous(), logger, tracer });
  await Promise.all([ask(proxy, 3_000), ask(proxy, 3_000)]);
  expect(logger.warn).toHaveBeenCalledOnce();
});
