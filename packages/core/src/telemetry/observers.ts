import type { CallOutcome, Settle } from '../access/access-policy.js';
import type { Logger } from '../ports/logger.js';
import type { Usage } from '../ports/model-invoker.js';
import { describeCause } from './describe-cause.js';
import type { RequestRecord } from './request-record.js';

/** Everyone who is told how requests end. */
export interface Observers {
  readonly logger: Logger;
  readonly onRequestEnd?: (record: RequestRecord) => void | Promise<void>;
  /** Milliseconds that observers may take while the client waits for them. */
  readonly observerTimeoutMs: number;
}

/** The end of one request. */
export interface Ending {
  readonly record: RequestRecord;
  readonly settles: readonly Settle[];
  readonly usage: Usage;
  readonly outcome: CallOutcome;
  /** Whether the client waits for the observers, so that their time is limited. */
  readonly clientWaits: boolean;
}

/** Tells every `settle` and the observer how a request ended, and waits for all of them. An error of theirs is logged. */
export async function tellObservers(
  { logger, onRequestEnd, observerTimeoutMs }: Observers,
  { record, settles, usage, outcome, clientWaits }: Ending,
): Promise<void> {
  if (settles.length === 0 && !onRequestEnd) return;
  const { requestId } = record;
  const tell = async (observer: string, work: () => unknown) => {
    try {
      await work();
    } catch (error) {
      logger.error({ event: 'observer.failed', requestId, observer, cause: describeCause(error) });
    }
  };
  const told = Promise.all([
    ...settles.map((settle) => tell('settle', () => settle(usage, outcome))),
    onRequestEnd && tell('onRequestEnd', () => onRequestEnd(record)),
  ]);
  if (!clientWaits) await told;
  else if (!(await isOverWithin(told, observerTimeoutMs))) {
    logger.warn(
      { event: 'observer.slow', requestId },
      `An observer took over ${observerTimeoutMs} ms. The answer was sent without waiting for it.`,
    );
  }
}

async function isOverWithin(work: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, ms, false);
  });
  try {
    return await Promise.race([work.then(() => true), timeout]);
  } finally {
    clearTimeout(timer);
  }
}
