import { randomUUID } from 'node:crypto';
import { recursionDetectionMiddleware } from '@aws-sdk/core/client';
import { TokenProviderError } from '@smithy/core/config';
import { StandardRetryStrategy } from '@smithy/core/retry';
import { HttpRequest } from '@smithy/core/transport';
import type { RetryStrategyV2, RetryToken, SdkError } from '@smithy/types';
import { type HttpAnswer, type HttpTransport, type ResponseHeaders, readBody } from '../aws/create-http-transport.js';
import type { SignedRequest, UnsignedRequest } from '../aws/create-request-signer.js';
import { type Constants, readConstants, type SdkConfig } from './read-constants.js';
import type { ResponseMetadata } from './upstream-error.js';
import type { AttemptLimits } from './wait-for-retry.js';

/** A request to Bedrock, before it is signed. */
export interface BedrockRequest {
  /** The path below the path of the endpoint, percent-encoded. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly signal: AbortSignal;
  /** When the answer must be over, on the clock of `performance.now()`. */
  readonly deadlineAt?: number | undefined;
  /** Requests at most, if fewer than those of the client. */
  readonly maxAttempts?: number | undefined;
}

/** The answer to a request that Bedrock accepted. */
export interface BedrockResponse<Body> {
  readonly body: Body;
  readonly headers: ResponseHeaders;
  readonly metadata: ResponseMetadata;
}

/**
 * Sends a request and resolves with the result of `read`. Each attempt includes `read`. Rejects with the error of the last attempt, which
 * has `$metadata` as in the SDK and, if there was an answer, `$response`.
 */
export type SendRequest = <Body extends object>(
  request: BedrockRequest,
  read: Read<Body>,
) => Promise<BedrockResponse<Body>>;

type Read<Body> = (answer: HttpAnswer) => Body | Promise<Body>;

/** Adds to a request what proves who sends it. */
type Authorize = (request: UnsignedRequest) => SignedRequest;

/**
 * Sends requests as the client of the SDK does, to the endpoint, with the credentials and by the retries of its configuration. The client
 * computes its endpoint, user agent, signer and order of middlewares for each request, although they never change. Here they are computed
 * once, and no schema is used. In the SDK, these steps are most of the cost of a request.
 */
export function createRequestSender(config: SdkConfig, transport: HttpTransport): SendRequest {
  const constantsOf = once(() => readConstants(config));

  return async function send<Body extends object>(
    { path, headers, body, signal, deadlineAt, maxAttempts }: BedrockRequest,
    read: Read<Body>,
  ) {
    const constants = await constantsOf();
    const { target, headers: fixed, basePath } = constants;
    const authorize = await identify(config, constants);
    const request = {
      path: basePath + path,
      headers: {
        ...headers,
        'content-length': String(body.length),
        'amz-sdk-invocation-id': randomUUID(),
        ...fixed,
        ...(await traceHeaders()),
      } as Record<string, string>,
      body,
    };
    const { result, attempts } = await sendAgain(config, { signal, deadlineAt, maxAttempts }, async (count, most) => {
      request.headers['amz-sdk-request'] = `attempt=${count}; max=${most}`;
      const signed = authorize(request);
      const answer = await transport.post({ target, path: request.path, headers: signed.headers, body }, signal);
      // Before the body, which may take minutes.
      const isCorrected = signed.correctClock(answer.headers['date'], answer.headers);
      try {
        return { answer, output: await readAnswer(answer, read) };
      } catch (error) {
        learnTime(signed, error, isCorrected);
        throw error;
      }
    });
    const { answer, output } = result;
    return { body: output, headers: answer.headers, metadata: { ...metadataOf(answer), attempts } };
  };
}

/** Gets the credentials, by the scheme that the settings prefer. */
async function identify(config: SdkConfig, { bearerToken, sign }: Constants): Promise<Authorize> {
  if (!bearerToken) {
    const keys = await config.credentials();
    return (request) => sign(request, keys);
  }
  const { token } = await bearerToken();
  // The SDK sends none either: `Bearer` alone only looks like a token that was refused.
  if (!token) throw new TokenProviderError('The bearer token for Bedrock is empty.', false);
  return ({ headers }) => ({
    headers: { ...headers, authorization: `Bearer ${token}` },
    correctClock: () => false,
  });
}

/** The result of the successful attempt, and the number of attempts. */
export interface Sent<Result> {
  readonly result: Result;
  readonly attempts: number;
}

/**
 * Calls `attempt` until it succeeds or `waitForRetry` gives no other one. Rejects with the error of the last attempt, with the number of
 * attempts in `$metadata.attempts`. The loop is that of the SDK middleware, without its costs for successful requests: an error that is
 * created in advance, and a race with the signal.
 */
export async function sendAgain<Result>(
  config: Pick<SdkConfig, 'retryStrategy' | 'maxAttempts'>,
  limits: AttemptLimits,
  attempt: (count: number, maxAttempts: number) => Promise<Result>,
): Promise<Sent<Result>> {
  const { signal } = limits;
  // Only a custom strategy can have the other type, and the client here has none.
  const strategy = (await config.retryStrategy()) as RetryStrategyV2;
  const maxAttempts = Math.min(await config.maxAttempts(), limits.maxAttempts ?? Infinity);
  // The adaptive strategy may delay its first token. The standard strategy never does.
  let token: RetryToken | undefined =
    strategy instanceof StandardRetryStrategy
      ? await strategy.acquireInitialRetryToken('')
      : await (await loadRetries()).waitForFirst(strategy, signal);
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
      const next =
        attempts < maxAttempts ? await (await loadRetries()).waitForRetry(strategy, token, error, limits) : undefined;
      if (next === undefined) {
        error.$metadata = { ...error.$metadata, attempts };
        throw error;
      }
      token = next;
    }
  }
}

/** Most requests need no retry. */
const loadRetries = () => import('./wait-for-retry.js');

/** A refusal may tell the time in its body. The SDK retries an error that it marks so. */
function learnTime(signed: SignedRequest, error: unknown, isCorrectedByHead: boolean): void {
  if (!(error instanceof Error)) return;
  const { ServerTime, $response, $metadata }: ServerError = error;
  const isCorrected = signed.correctClock(ServerTime, $response?.headers ?? {}) || isCorrectedByHead;
  if (isCorrected && $metadata) $metadata.clockSkewCorrected = true;
}

/** What an error has that comes from an answer. */
interface ServerError extends Error {
  readonly ServerTime?: unknown;
  readonly $response?: HttpAnswer;
  readonly $metadata?: { clockSkewCorrected?: boolean };
}

/** Calls `ask` once and keeps the result. After a failure, the next call asks again. */
function once<Output>(ask: () => Promise<Output>): () => Promise<Output> {
  let answer: Promise<Output> | undefined;
  return () => {
    answer ??= ask().catch((error: unknown) => {
      answer = undefined;
      throw error;
    });
    return answer;
  };
}

/** Ends a chain of one middleware, which only changes the request. */
const noop = async () => ({ response: undefined, output: {} });
const trace = recursionDetectionMiddleware()(noop, {});

/** The headers of the trace that Lambda gave to this invocation. */
async function traceHeaders(): Promise<Record<string, string>> {
  const request = new HttpRequest({});
  await trace({ input: {}, request });
  return Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]));
}

/**
 * Reads an answer. Rejects with the error of a refusal, or of an answer that breaks off, which has `$metadata` and `$response` as in the
 * SDK.
 */
async function readAnswer<Body extends object>(answer: HttpAnswer, read: Read<Body>): Promise<Body> {
  const { statusCode = 0, headers } = answer;
  try {
    if (statusCode >= 300) {
      const document = await readBody(answer);
      const { errorOfResponse } = await import('./upstream-error.js');
      throw errorOfResponse(statusCode, headers, document);
    }
    return await read(answer);
  } catch (error) {
    if (error instanceof Error) {
      // Not enumerable: a printed error must not show the sockets and headers of the response.
      Object.defineProperties(error, {
        $metadata: { value: metadataOf(answer), writable: true },
        $response: { value: answer },
      });
    }
    throw error;
  }
}

function metadataOf({ statusCode, headers }: HttpAnswer): ResponseMetadata {
  const names = ['x-amzn-requestid', 'x-amzn-request-id', 'x-amz-request-id'];
  const requestId = names.map((name) => headers[name]).find((value) => typeof value === 'string');
  return { httpStatusCode: statusCode, ...(requestId !== undefined && { requestId }) };
}
