import { randomUUID } from 'node:crypto';
import type { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { recursionDetectionMiddleware, userAgentMiddleware } from '@aws-sdk/core/client';
import { TokenProviderError } from '@smithy/core/config';
import { endpointMiddleware } from '@smithy/core/endpoints';
import { HttpRequest } from '@smithy/core/transport';
import type { EndpointParameterInstructions, HandlerExecutionContext, TokenIdentity } from '@smithy/types';
import {
  type HttpAnswer,
  type HttpTarget,
  type HttpTransport,
  type ResponseHeaders,
  readBody,
  targetOf,
} from '../aws/create-http-transport.js';
import { createRequestSigner, type SignedRequest, type UnsignedRequest } from '../aws/create-request-signer.js';
import { sendAgain } from './send-again.js';
import type { ResponseMetadata } from './upstream-error.js';

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
type SdkConfig = BedrockRuntimeClient['config'];

/** Adds to a request what proves who sends it. */
type Authorize = (request: UnsignedRequest) => SignedRequest;

/** The values that are the same for all requests of a client. */
interface Constants {
  /** Gets the credentials, by the scheme that the settings prefer. */
  readonly identify: () => Promise<Authorize>;
  readonly target: HttpTarget;
  readonly headers: Readonly<Record<string, string>>;
  /** The prefix of each path. */
  readonly basePath: string;
}

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
    const { identify, target, headers: fixed, basePath } = await constantsOf();
    const authorize = await identify();
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

/** Ends a chain of middlewares that only change the request or the context. */
const noop = async () => ({ response: undefined, output: {} });
const trace = recursionDetectionMiddleware()(noop, {});

/** The headers of the trace that Lambda gave to this invocation. */
async function traceHeaders(): Promise<Record<string, string>> {
  const request = new HttpRequest({});
  await trace({ input: {}, request });
  return Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]));
}

/** The parameters of Bedrock endpoints, by their names in the rules of the SDK. The commands of the client have the same table. */
const endpointParameters: EndpointParameterInstructions = {
  Region: { type: 'builtInParams', name: 'region' },
  Endpoint: { type: 'builtInParams', name: 'endpoint' },
  UseFIPS: { type: 'builtInParams', name: 'useFipsEndpoint' },
  UseDualStack: { type: 'builtInParams', name: 'useDualstackEndpoint' },
};

async function readConstants(config: SdkConfig): Promise<Constants> {
  const region = await config.region();
  const bearerToken = await bearerTokenOf(config);
  // The user agent tells where the credentials come from.
  const identity = await (bearerToken ?? config.credentials)();
  const context = { __smithy_context: { selectedHttpAuthScheme: { identity } } } as unknown as HandlerExecutionContext;
  await endpointMiddleware({ config, instructions: endpointParameters })(noop, context)({ input: {} });
  const { endpointV2: endpoint } = context;
  if (!endpoint) throw new Error('The SDK returned no endpoint.');
  const described = new HttpRequest({});
  await userAgentMiddleware(config)(noop, context)({ input: {}, request: described });
  const { pathname, host } = endpoint.url;
  const isClockFixed = (await config.disableClockSkewCorrection?.()) === true;
  const sign = createRequestSigner('bedrock', region, { isClockFixed });
  return {
    identify: bearerToken
      ? async () => {
          const { token } = await bearerToken();
          // The SDK sends none either: `Bearer` alone only looks like a token that was refused.
          if (!token) throw new TokenProviderError('The bearer token for Bedrock is empty.', false);
          return ({ headers }) => ({
            headers: { ...headers, authorization: `Bearer ${token}` },
            correctClock: () => false,
          });
        }
      : async () => {
          const keys = await config.credentials();
          return (request) => sign(request, keys);
        },
    basePath: pathname === '/' ? '' : pathname,
    target: targetOf(endpoint.url),
    headers: {
      host,
      ...described.headers,
      ...Object.fromEntries(
        Object.entries(endpoint.headers ?? {}).map(([name, values]) => [name.toLowerCase(), values.join(', ')]),
      ),
    },
  };
}

/** The provider of a bearer token, if the settings prefer one to a signature. */
async function bearerTokenOf(config: SdkConfig): Promise<(() => Promise<TokenIdentity>) | undefined> {
  const schemes = ['sigv4', 'httpBearerAuth'];
  const preferred = (await config.authSchemePreference()).find((name) => schemes.includes(name));
  if (preferred !== 'httpBearerAuth') return undefined;
  const scheme = config.httpAuthSchemes.find(({ schemeId }) => schemeId === 'smithy.api#httpBearerAuth');
  const provider = scheme?.identityProvider({ getIdentityProvider: () => config.token });
  return provider && (() => provider({}) as Promise<TokenIdentity>);
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
