import type { Logger } from '../ports/logger.js';
import type { ModelProxy } from '../proxy/create-proxy.js';

/** Lambda's own default timeout of 3 s is too short for nearly every answer of a model. */
const shortMs = 15_000;
const warned = new WeakSet<ModelProxy>();

/** Warns, once for each proxy, of an invocation that starts with too little time for an answer. */
export function warnOfShortInvocation(proxy: ModelProxy, logger: Logger, remainingMs = Infinity): void {
  if (remainingMs >= shortMs || warned.has(proxy)) return;
  warned.add(proxy);
  logger.warn(
    { event: 'invocation.short', remainingMs },
    'Little time for an answer: raise the timeout of this function, or of the gateway in front of it, to 15 s or more.',
  );
}
