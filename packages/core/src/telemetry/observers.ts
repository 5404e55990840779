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
  readonly tracing?: Tracing;
  /** Milliseconds that `onRequestEnd` may take while the client waits for it. */
  readonly observerTimeoutMs: number;
  /** Milliseconds that each `settle` may take while the client waits for it. */
  readonly settleTimeoutMs?: number;
}

/** A tracer, and what it takes to trace a call with it. */
export interface Tracing extends Pick<typeof import('../stream/trace-call.js'), 'traceCall' | 'outcomeOf'> {
  readonly tracer: CallTracer;
}

/** Few deployments trace, so what it takes is loaded with the tracer. */
export async function loadTracing(tracer: CallTracer): Promise<Tracing> {
  const { traceCall, outcomeOf } = await import('../stream/trace-call.js');
  return { tracer, traceCall, outcomeOf };
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
  const waits: Promise<unknown>[] = [];
  const wait = (told: readonly (Promise<void> | undefined)[], timeoutMs: number) => {
    if (!told.some(Boolean)) return;
    const all = Promise.all(told);
    waits.push(clientWaits ? waitFor(all, timeoutMs, logger, requestId) : all);
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
  const settled = settles.map((each) => tell('settle', () => each(usage, outcome)));
  const observed = onRequestEnd && tell('onRequestEnd', () => onRequestEnd(record));
  wait(settled, settleTimeoutMs);
  wait([observed], observerTimeoutMs);
  return waits.length > 0 ? Promise.all(waits).then(noop) : undefined;
}

function noop(): void {}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value;
}

const isSlow = Symbol();

/** Waits for observers, but no longer than `ms`. */
async function waitFor(told: Promise<unknown>, ms: number, logger: Logger, requestId: string): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise((resolve) => {
    timer = setTimeout(resolve, ms, isSlow);
  });
  try {
    if ((await Promise.race([told, timeout])) !== isSlow) return;
  } finally {
    clearTimeout(timer);
  }
  logger.warn(
    { event: 'observer.slow', requestId },
    `An observer took over ${ms} ms. The answer was sent without waiting for it.`,
  );
}

/** Logs that an observer failed. */
export async function reportObserver(
  logger: Logger,
  { requestId, observer, error }: { readonly requestId: string; readonly observer: string; readonly error: unknown },
): Promise<void> {
  const { describeCause } = await import('../errors/describe-cause.js');
  logger.error({ event: 'observer.failed', requestId, observer, cause: describeCause(error) });
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
