import type { CallOutcome, Settle } from '../access/access-policy.js';
import type { DenialReason } from '../access/denial-reason.js';
import type { ProxyError } from '../errors/proxy-error.js';
import type { CallTracer } from '../ports/call-tracer.js';
import type { Logger } from '../ports/logger.js';
import type { Usage } from '../ports/model-invoker.js';
import { writeAtOnce } from './create-logger.js';
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
export function tellObservers(observers: Observers, ending: Ending): Promise<void> | undefined {
  const tell = () => {
    observers.logger.info(requestEndLine(ending.record));
    return settle(observers, ending);
  };
  if (!ending.failure && !ending.outcome.failed) return writeAtOnce(tell);
  // What it takes to describe a failure is loaded at the first one.
  return import('./log-failure.js').then(({ logFailure }) => {
    logFailure(observers.logger, ending);
    return writeAtOnce(tell);
  });
}

/** A lost settle leaves limits wrong, so it may take longer than an observer. */
const defaultSettleTimeoutMs = 2_000;

/** Runs the settles of a request, and the observer. Undefined if none of them takes time. */
export function settle(
  { logger, onRequestEnd, observerTimeoutMs, settleTimeoutMs = defaultSettleTimeoutMs }: Observers,
  { record, settles, usage, outcome, clientWaits }: Ending,
): Promise<void> | undefined {
  const { requestId } = record;
  const waits: Promise<void>[] = [];
  const wait = (told: readonly (Promise<void> | undefined)[], timeoutMs: number) => {
    const slow = told.filter((each) => each !== undefined);
    if (slow.length > 0) waits.push(waitFor(Promise.all(slow), clientWaits ? timeoutMs : Infinity, logger, requestId));
  };
  const tell = (observer: string, work: () => unknown): Promise<void> | undefined => {
    const fail = (error: unknown) => reportObserver(logger, { requestId, observer, error });
    try {
      const told = work();
      return isThenable(told) ? Promise.resolve(told).then(noop, fail) : undefined;
    } catch (error) {
      return fail(error);
    }
  };
  if (settles.length > 0) {
    wait(
      settles.map((each) => tell('settle', () => each(usage, outcome))),
      settleTimeoutMs,
    );
  }
  if (onRequestEnd) wait([tell('onRequestEnd', () => onRequestEnd(record))], observerTimeoutMs);
  return waits.length > 0 ? Promise.all(waits).then(noop) : undefined;
}

function noop(): void {}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value;
}

/** Waits for observers, at most so long. */
async function waitFor(told: Promise<unknown>, timeoutMs: number, logger: Logger, requestId: string): Promise<void> {
  if (timeoutMs === Infinity) await told;
  else if (!(await isOverWithin(told, timeoutMs))) {
    logger.warn(
      { event: 'observer.slow', requestId },
      `An observer took over ${timeoutMs} ms. The answer was sent without waiting for it.`,
    );
  }
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
  for (const field of loggedFields) {
    const value = record[field];
    if (value !== undefined) line[field] = value;
  }
  return line;
}
