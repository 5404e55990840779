import type { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import {
  getRetryAfterHint,
  isServerError,
  isThrottlingError,
  isTransientError,
  StandardRetryStrategy,
} from '@smithy/core/retry';
import type { RetryErrorInfo, RetryErrorType, RetryStrategyV2, RetryToken, SdkError } from '@smithy/types';

type RetryConfig = Pick<BedrockRuntimeClient['config'], 'retryStrategy' | 'maxAttempts'>;

/** What came of the attempt that succeeded, and how many there were. */
export interface Sent<Result> {
  readonly result: Result;
  readonly attempts: number;
}

/**
 * Attempts until one succeeds or the client's retry strategy has enough of it; the strategy says how long to wait, and `signal` cuts that
 * short. Rejects with the error of the last attempt, their number in its `$metadata.attempts`. This is the loop of the SDK's own
 * middleware without what costs where nothing fails: an error made in advance, and a race with the signal.
 */
export async function sendAgain<Result>(
  config: RetryConfig,
  signal: AbortSignal,
  attempt: (count: number, most: number) => Promise<Result>,
): Promise<Sent<Result>> {
  // The other kind of strategy comes from those alone who hand one to the client.
  const strategy = (await config.retryStrategy()) as RetryStrategyV2;
  const most = await config.maxAttempts();
  const first = strategy.acquireInitialRetryToken('');
  // The adaptive strategy may let its first token wait; the standard one has it at once.
  let token = strategy instanceof StandardRetryStrategy ? await first : await unlessAborted(first, signal);
  for (let attempts = 1; ; attempts++) {
    if (token === undefined) throw signal.reason;
    try {
      const result = await attempt(attempts, most);
      strategy.recordSuccess(token);
      return { result, attempts };
    } catch (thrown) {
      const error = (thrown instanceof Error ? thrown : new Error(String(thrown))) as SdkError;
      const next = await nextToken(strategy, token, error, signal);
      if (next === undefined) {
        error.$metadata = { ...error.$metadata, attempts };
        throw error;
      }
      token = next;
    }
  }
}

/** The token for another attempt, once it is time for it; undefined where there is to be none. */
async function nextToken(
  strategy: RetryStrategyV2,
  token: RetryToken,
  error: SdkError,
  signal: AbortSignal,
): Promise<RetryToken | undefined> {
  // Who gave up is no outage: it must not use up the retries of others.
  if (signal.aborted) return undefined;
  try {
    const next = await unlessAborted(strategy.refreshRetryTokenForRetry(token, errorInfoOf(error)), signal);
    await pause(next?.getRetryDelay() ?? 0, signal);
    return signal.aborted ? undefined : next;
  } catch {
    // How a strategy says that it has enough.
    return undefined;
  }
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

/** What `work` resolves to; undefined as soon as `signal` aborts. */
async function unlessAborted<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value | undefined> {
  const { promise: aborted, resolve: abort } = Promise.withResolvers<undefined>();
  const giveUp = () => abort(undefined);
  signal.addEventListener('abort', giveUp);
  if (signal.aborted) giveUp();
  try {
    return await Promise.race([aborted, work]);
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

function errorInfoOf(error: SdkError): RetryErrorInfo {
  const retryAfterHint = getRetryAfterHint(error.$response);
  return { error, errorType: errorTypeOf(error), ...(retryAfterHint && { retryAfterHint }) };
}

function errorTypeOf(error: SdkError): RetryErrorType {
  if (isThrottlingError(error)) return 'THROTTLING';
  if (isTransientError(error)) return 'TRANSIENT';
  return isServerError(error) ? 'SERVER_ERROR' : 'CLIENT_ERROR';
}
