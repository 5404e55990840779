import { isServerError, isThrottlingError, isTransientError, MAXIMUM_RETRY_DELAY, Retry } from '@smithy/core/retry';
import type { RetryErrorInfo, RetryErrorType, RetryStrategyV2, RetryToken, SdkError } from '@smithy/types';
import { codeOf, headersOf, readRetryAfter } from './upstream-error.js';

/** A longer wait that the host asks for is left to the client: its pause would look like a hanging proxy. */
const longestPauseSeconds = 2;

/** When attempts must end. */
export interface AttemptLimits {
  /** Ends the attempts and the delays between them. */
  readonly signal: AbortSignal;
  /** When the answer must be over, on the clock of `performance.now()`. A pause that would last longer is not begun. */
  readonly deadlineAt?: number | undefined;
  /** Attempts at most, if fewer than those of the client. */
  readonly maxAttempts?: number | undefined;
}

/** The token of the first attempt, from a strategy that may delay it; undefined as soon as `signal` aborts. */
export async function waitForFirst(strategy: RetryStrategyV2, signal: AbortSignal): Promise<RetryToken | undefined> {
  return await unlessAborted(strategy.acquireInitialRetryToken(''), signal);
}

/**
 * Waits for the next attempt and returns its token; undefined if there is no next attempt. The strategy sets the delays. There is no retry
 * if the host asks for a longer wait than 2 s, if the delay would reach the deadline, or if a quota of a day or a month is used up.
 */
export async function waitForRetry(
  strategy: RetryStrategyV2,
  token: RetryToken,
  error: SdkError,
  { signal, deadlineAt = Infinity }: AttemptLimits,
): Promise<RetryToken | undefined> {
  // None of these is an outage, so they must not reduce the retries of others.
  const seconds = readRetryAfter(headersOf(error.$response)) ?? 0;
  if (signal.aborted || seconds > longestPauseSeconds || codeOf(error) === 'quota_exceeded') return undefined;
  const info = errorInfoOf(error, seconds);
  // The strategies of the SDK draw their delay and wait for it themselves, so only its upper limit is known before.
  const longest = Math.max(seconds * 1_000, longestBackoffMs(info.errorType, token.getRetryCount()));
  if (performance.now() + longest >= deadlineAt) return undefined;
  try {
    const next = await unlessAborted(strategy.refreshRetryTokenForRetry(token, info), signal);
    const delay = next?.getRetryDelay() ?? 0;
    if (performance.now() + delay >= deadlineAt) return undefined;
    await pause(delay, signal);
    return signal.aborted ? undefined : next;
  } catch {
    // A strategy throws to refuse a retry.
    return undefined;
  }
}

function longestBackoffMs(type: RetryErrorType, retries: number): number {
  const first = type === 'THROTTLING' ? Retry.throttlingDelay() : Retry.delay();
  return Math.min(first * 2 ** retries, MAXIMUM_RETRY_DELAY);
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms <= 0) return;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const over = new Promise((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await unlessAborted(over, signal);
  clearTimeout(timer);
}

/** Resolves like `work`, or with undefined as soon as `signal` aborts. */
async function unlessAborted<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value | undefined> {
  const { promise: aborted, resolve: abort } = Promise.withResolvers<undefined>();
  const onAbort = () => abort(undefined);
  signal.addEventListener('abort', onAbort);
  if (signal.aborted) onAbort();
  try {
    return await Promise.race([aborted, work]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

function errorInfoOf(error: SdkError, seconds: number): RetryErrorInfo {
  const retryAfterHint = new Date(Date.now() + seconds * 1_000);
  return { error, errorType: errorTypeOf(error), ...(seconds > 0 && { retryAfterHint }) };
}

function errorTypeOf(error: SdkError): RetryErrorType {
  if (isThrottlingError(error)) return 'THROTTLING';
  if (isTransientError(error)) return 'TRANSIENT';
  return isServerError(error) ? 'SERVER_ERROR' : 'CLIENT_ERROR';
}
