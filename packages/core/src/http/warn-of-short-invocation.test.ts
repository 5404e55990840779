import { expect, it, vi } from 'vitest';
import { allowAnonymous } from '../access/allow-anonymous.js';
import { createProxy } from '../proxy/create-proxy.js';
import { warnOfShortInvocation } from './warn-of-short-invocation.js';

const aProxy = () => createProxy({ invoker: { invoke: vi.fn(), stream: vi.fn() }, access: allowAnonymous() });

it('warns of an invocation with less than 15 s, once for each proxy', () => {
  const logger = { info: vi.fn(), warn: vi.fn(), error: vi.fn() };
  const proxy = aProxy();
  warnOfShortInvocation(proxy, logger, 15_000);
  warnOfShortInvocation(proxy, logger);
  expect(logger.warn).not.toHaveBeenCalled();
  warnOfShortInvocation(proxy, logger, 14_999);
  warnOfShortInvocation(proxy, logger, 3_000);
  expect(logger.warn).toHaveBeenCalledExactlyOnceWith(
    { event: 'invocation.short', remainingMs: 14_999 },
    expect.stringContaining('raise the timeout of this function'),
  );
  warnOfShortInvocation(aProxy(), logger, 3_000);
  expect(logger.warn).toHaveBeenCalledTimes(2);
});
