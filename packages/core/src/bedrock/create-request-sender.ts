import { randomUUID } from 'node:crypto';
import type { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { recursionDetectionMiddleware, userAgentMiddleware } from '@aws-sdk/core/client';
import { DefaultIdentityProviderConfig, httpAuthSchemeMiddleware, httpSigningMiddleware } from '@smithy/core';
import { endpointMiddleware } from '@smithy/core/endpoints';
import { HttpRequest, type HttpResponse } from '@smithy/core/transport';
import type {
  AuthScheme,
  EndpointParameterInstructions,
  EndpointV2,
  FinalizeHandler,
  HandlerExecutionContext,
} from '@smithy/types';
import type { ResponseHeaders, ResponseMetadata } from './call-meta-of.js';
import { sendAgain } from './send-again.js';

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

type Read<Body> = (response: HttpResponse) => Body | Promise<Body>;
type SdkConfig = BedrockRuntimeClient['config'];

/** The values that are the same for all requests of a client. */
interface Constants {
  readonly endpoint: EndpointV2;
  /** The fields of an `HttpRequest` except path and body. */
  readonly target: ConstructorParameters<typeof HttpRequest>[0] & Pick<HttpRequest, 'headers'>;
  /** The prefix of each path. */
  readonly basePath: string;
}

/**
 * Sends requests like the client of the SDK, with its middlewares for authentication, tracing and signing. The client computes its
 * endpoint, user agent, signer and order of middlewares for each request, although they never change. Here they are computed once, and no
 * schema is used. In the SDK, these steps are most of the cost of a request.
 */
export function createRequestSender(config: SdkConfig): SendRequest {
  const { signer } = config;
  config.signer = once((scheme?: AuthScheme) => signer(scheme));
  const constantsOf = once((context: HandlerExecutionContext) => readConstants(config, context));
  const identify = httpAuthSchemeMiddleware(config, {
    httpAuthSchemeParametersProvider: async () => ({ operation: 'InvokeModel', region: await config.region() }),
    identityProviderConfigProvider: async () =>
      new DefaultIdentityProviderConfig({
        'aws.auth#sigv4': config.credentials,
        'smithy.api#httpBearerAuth': config.token,
      }),
  });

  return async function send<Body extends object>(
    { path, headers, body, signal, deadlineAt, maxAttempts }: BedrockRequest,
    read: Read<Body>,
  ) {
    const context: HandlerExecutionContext = {};
    await identify(noop, context)({ input: {} });
    const { endpoint, target, basePath } = await constantsOf(context);
    context.endpointV2 = endpoint;
    const request = new HttpRequest({
      ...target,
      method: 'POST',
      path: basePath + path,
      headers: {
        ...headers,
        'content-length': String(body.length),
        'amz-sdk-invocation-id': randomUUID(),
        ...target.headers,
      },
      body,
    });
    await trace({ input: {}, request });
    const attempt: FinalizeHandler<object, Body> = async ({ request: signed }) => {
      const { response } = await config.requestHandler.handle(signed as HttpRequest, { abortSignal: signal });
      return { response, output: await readResponse(config, response, read) };
    };
    const sign = httpSigningMiddleware<object, Body>(config)(attempt, context);
    const { result, attempts } = await sendAgain(config, { signal, deadlineAt, maxAttempts }, async (count, most) => {
      request.headers['amz-sdk-request'] = `attempt=${count}; max=${most}`;
      return await sign({ input: {}, request });
    });
    const response = result.response as HttpResponse;
    return { body: result.output, headers: response.headers, metadata: { ...metadataOf(response), attempts } };
  };
}

/** Calls `ask` once and keeps the result. After a failure, the next call asks again. */
function once<Input, Output>(ask: (input: Input) => Promise<Output>): (input: Input) => Promise<Output> {
  let answer: Promise<Output> | undefined;
  return (input) => {
    answer ??= ask(input).catch((error: unknown) => {
      answer = undefined;
      throw error;
    });
    return answer;
  };
}

/** Ends a chain of middlewares that only change the request or the context. */
const noop = async () => ({ response: undefined, output: {} });
const trace = recursionDetectionMiddleware()(noop, {});

/** The parameters of Bedrock endpoints, by their names in the rules of the SDK. The commands of the client have the same table. */
const endpointParameters: EndpointParameterInstructions = {
  Region: { type: 'builtInParams', name: 'region' },
  Endpoint: { type: 'builtInParams', name: 'endpoint' },
  UseFIPS: { type: 'builtInParams', name: 'useFipsEndpoint' },
  UseDualStack: { type: 'builtInParams', name: 'useDualstackEndpoint' },
};

async function readConstants(config: SdkConfig, context: HandlerExecutionContext): Promise<Constants> {
  const locate = endpointMiddleware({ config, instructions: endpointParameters });
  await locate(noop, context)({ input: {} });
  const { endpointV2: endpoint } = context;
  if (!endpoint) throw new Error('The SDK returned no endpoint.');
  const described = new HttpRequest({});
  await userAgentMiddleware(config)(noop, context)({ input: {}, request: described });
  const { protocol, hostname, port, pathname, host } = endpoint.url;
  return {
    endpoint,
    basePath: pathname === '/' ? '' : pathname,
    target: {
      protocol,
      hostname,
      ...(port !== '' && { port: Number(port) }),
      headers: {
        host,
        ...described.headers,
        ...Object.fromEntries(
          Object.entries(endpoint.headers ?? {}).map(([name, values]) => [name, values.join(', ')]),
        ),
      },
    },
  };
}

async function readResponse<Body extends object>(
  config: SdkConfig,
  response: HttpResponse,
  read: Read<Body>,
): Promise<Body> {
  const { statusCode, headers, body } = response;
  try {
    if (statusCode >= 300) {
      const document = await config.streamCollector(body);
      const { errorOfResponse } = await import('./upstream-error.js');
      throw errorOfResponse(statusCode, headers, document);
    }
    return await read(response);
  } catch (error) {
    if (error instanceof Error) {
      // Not enumerable: a printed error must not show the sockets and headers of the response.
      Object.defineProperties(error, {
        $metadata: { value: metadataOf(response), writable: true },
        $response: { value: response },
      });
    }
    throw error;
  }
}

function metadataOf({ statusCode, headers }: HttpResponse): ResponseMetadata {
  const requestId = headers['x-amzn-requestid'] ?? headers['x-amzn-request-id'] ?? headers['x-amz-request-id'];
  return { httpStatusCode: statusCode, ...(requestId !== undefined && { requestId }) };
}
