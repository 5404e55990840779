import type { CallOutcome, Settle } from '../access/access-policy.js';
import type { DenialReason } from '../access/denial-reason.js';
import type { ProxyError } from '../errors/proxy-error.js';
import type { CallTracer } from '../ports/call-tracer.js';
import type { Logger } from '../ports/logger.js';
import type { Usage } from '../ports/model-invoker.js';
import type { RequestRecord } from './request-record.js';

/** Everyone who is told how requests end. */
export interface Observers {
  readonly logger: Logger;
  readonly onRequestEnd?: (record: RequestRecord) => void | Promise<void>;
  readonly tracer?: CallTracer;
  /** Milliseconds that `onRequestEnd` may take while the client waits for it. */
  readonly observerTimeoutMs: number;
  /** Milliseconds that each `settle` may take while the client waits for it. */
  readonly settleTimeoutMs?: number;
}

/** The end of one request. */
export interface Ending {
  readonly record: RequestRecord;
  readonly settles: readonly Settle[];
  readonly usage: Usage;
  readonly outcome: CallOutcome;
  /** The error of a failed request. */
  readonly failure?: ProxyError | undefined;
  /** Why the policy refused the token. */
  readonly reason?: DenialReason | undefined;
  /** Whether the client waits for the observers, so that their time is limited. */
  readonly clientWaits: boolean;
}

/**
 * Writes the log lines of a request, then tells every `settle` and the observer how it ended, and waits for all of them. An error of
 * theirs is logged.
 */
export async function tellObservers(observers: Observers, ending: Ending): Promise<void> {
  // What it takes to describe a failure is loaded at the first one.
  if (ending.failure || ending.outcome.failed) (await import('./log-failure.js')).logFailure(observers.logger, ending);
  observers.logger.info(requestEndLine(ending.record));
  await settle(observers, ending);
}

/** A lost settle leaves limits wrong, so it may take longer than an observer. */
const defaultSettleTimeoutMs = 2_000;

/** Runs the settles of a request, and the observer. */
export async function settle(
  { logger, onRequestEnd, observerTimeoutMs, settleTimeoutMs = defaultSettleTimeoutMs }: Observers,
  { record, settles, usage, outcome, clientWaits }: Ending,
): Promise<void> {
  const { requestId } = record;
  const tell = async (observer: string, work: () => unknown) => {
    try {
      await work();
    } catch (error) {
      await reportObserver(logger, { requestId, observer, error });
    }
  };
  const wait = async (told: Promise<unknown>, timeoutMs: number) => {
    if (!clientWaits) await told;
    else if (!(await isOverWithin(told, timeoutMs))) {
      logger.warn(
        { event: 'observer.slow', requestId },
        `An observer took over ${timeoutMs} ms. The answer was sent without waiting for it.`,
      );
    }
  };
  const settled = settles.map((each) => tell('settle', () => each(usage, outcome)));
  const observed = onRequestEnd && tell('onRequestEnd', () => onRequestEnd(record));
  await Promise.all([
    ...(settled.length > 0 ? [wait(Promise.all(settled), settleTimeoutMs)] : []),
    ...(observed ? [wait(observed, observerTimeoutMs)] : []),
  ]);
}

/** Logs that an observer failed. */
export async function reportObserver(
  logger: Logger,
  { requestId, observer, error }: { readonly requestId: string; readonly observer: string; readonly error: unknown },
): Promise<void> {
  const { describeCause } = await import('../errors/describe-cause.js');
  logger.error({ event: 'observer.failed', requestId, observer, cause: describeCause(error) });
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

/** The fields of the log line. A field that is not named here is not logged. */
const loggedFields = [
  'requestId',
  'traceId',
  'principal',
  'team',
  'sourceIp',
  'front',
  'dialect',
  'operation',
  'modelId',
  'servedModelId',
  'servedRegion',
  'fallbacks',
  'stream',
  'status',
  'code',
  'limit',
  'terminal',
  'durationMs',
  'firstTextMs',
  'inputTokens',
  'outputTokens',
  'cacheReadTokens',
  'cacheWriteTokens',
  'cacheWrite1hTokens',
  'costUsd',
  'stopReason',
  'guardrailAction',
  'serviceTier',
  'attempts',
  'bytesOut',
  'sessionId',
  'agentId',
  'dropped',
  'estimated',
] as const satisfies readonly (keyof RequestRecord)[];

/** The `request.end` line of a request. */
export function requestEndLine(record: RequestRecord): object {
  const line: Record<string, unknown> = { event: 'request.end' };
  for (const field of loggedFields) if (record[field] !== undefined) line[field] = record[field];
  return line;
}
