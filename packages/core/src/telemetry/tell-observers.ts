import type { Logger } from '../ports/logger.js';
import type { ModelProxy } from '../proxy/create-proxy.js';
import type { RequestAccount, RequestRecord } from './account.js';
import { describeCause } from './describe-cause.js';

interface Observation {
  readonly account: RequestAccount;
  readonly record: RequestRecord;
  readonly proxy: ModelProxy;
  readonly logger: Logger;
  /** Whether the client waits for it, so that it is cut short. */
  readonly clientWaits: boolean;
}

/** Tells the policy's `settle` and the observer how a request ended, and waits for both. What they throw is logged. */
export async function tellObservers({ account, record, proxy, logger, clientWaits }: Observation): Promise<void> {
  const { settle } = account;
  const { onRequestEnd, observerTimeoutMs } = proxy;
  const { requestId } = record;
  const tell = async (observer: string, work: () => unknown) => {
    try {
      await work();
    } catch (error) {
      logger.error({ event: 'observer.failed', requestId, observer, cause: describeCause(error) });
    }
  };
  if (!settle && !onRequestEnd) return;
  const told = Promise.all([
    settle && tell('settle', () => settle(account.call?.usage ?? {})),
    onRequestEnd && tell('onRequestEnd', () => onRequestEnd(record)),
  ]);
  if (!clientWaits) await told;
  else if (!(await isOverWithin(told, observerTimeoutMs))) {
    logger.warn(
      { event: 'observer.slow', requestId },
      `An observer took over ${observerTimeoutMs} ms: the answer left first.`,
    );
  }
}

async function isOverWithin(work: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const patience = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, ms, false);
  });
  try {
    return await Promise.race([work.then(() => true), patience]);
  } finally {
    clearTimeout(timer);
  }
}
