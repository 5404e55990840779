import type { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import {
  isServerError,
  isThrottlingError,
  isTransientError,
  MAXIMUM_RETRY_DELAY,
  Retry,
  StandardRetryStrategy,
} from '@smithy/core/retry';
import type { RetryErrorInfo, RetryErrorType, RetryStrategyV2, RetryToken, SdkError } from '@smithy/types';

type RetryConfig = Pick<BedrockRuntimeClient['config'], 'retryStrategy' | 'maxAttempts'>;

/** The result of the successful attempt, and the number of attempts. */
export interface Sent<Result> {
  readonly result: Result;
  readonly attempts: number;
}

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

/**
 * Calls `attempt` until it succeeds or the retry strategy of the client refuses another retry. The strategy sets the delays. There is no
 * retry if the host asks for a longer wait than 2 s, if the delay would reach the deadline, or if a quota of a day or a month is used up.
 * Rejects with the error of the last attempt, with the number of attempts in `$metadata.attempts`. The loop is that of
 * the SDK middleware, without its costs for successful requests: an error that is created in advance, and a race with the signal.
 */
export async function sendAgain<Result>(
  config: RetryConfig,
  limits: AttemptLimits,
  attempt: (count: number, maxAttempts: number) => Promise<Result>,
): Promise<Sent<Result>> {
  const { signal } = limits;
  // Only a custom strategy can have the other type, and the client here has none.
  const strategy = (await config.retryStrategy()) as RetryStrategyV2;
  const maxAttempts = Math.min(await config.maxAttempts(), limits.maxAttempts ?? Infinity);
  const first = strategy.acquireInitialRetryToken('');
  // The adaptive strategy may delay its first token. The standard strategy never does.
  let token = strategy instanceof StandardRetryStrategy ? await first : await unlessAborted(first, signal);
  for (let attempts = 1; ; attempts++) {
    if (token === undefined) throw signal.reason;
    try {
      const result = await attempt(attempts, maxAttempts);
      strategy.recordSuccess(token);
      return { result, attempts };
    } catch (thrown) {
      // The reason belongs to the caller, who may give the same one to many calls.
      if (signal.aborted && thrown === signal.reason) throw thrown;
      const error = (thrown instanceof Error ? thrown : new Error(String(thrown))) as SdkError;
      const next = attempts < maxAttempts ? await nextToken(strategy, token, error, limits) : undefined;
      if (next === undefined) {
        error.$metadata = { ...error.$metadata, attempts };
        throw error;
      }
      token = next;
    }
  }
}

/** Waits for the next attempt and returns its token; undefined if there is no next attempt. */
async function nextToken(
  strategy: RetryStrategyV2,
  token: RetryToken,
  error: SdkError,
  { signal, deadlineAt = Infinity }: AttemptLimits,
): Promise<RetryToken | undefined> {
  const { codeOf, headersOf, readRetryAfter } = await import('./upstream-error.js');
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
