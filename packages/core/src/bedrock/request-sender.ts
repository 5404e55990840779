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
import type { ResponseHeaders, ResponseMetadata } from './call-meta.js';
import { sendAgain } from './send-again.js';
import { errorOfResponse } from './upstream-error.js';

/** A request to Bedrock, before it is signed. */
export interface BedrockRequest {
  /** Below the endpoint's own path, escaped. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly signal: AbortSignal;
}

/** The answer to a request that Bedrock accepted. */
export interface BedrockResponse<Body> {
  readonly body: Body;
  readonly headers: ResponseHeaders;
  readonly metadata: ResponseMetadata;
}

/**
 * Sends a request; resolves with what `read` makes of the answer, which is part of an attempt. Rejects with the error of the last
 * attempt, which carries the SDK's `$metadata` and, where there was an answer, `$response`.
 */
export type SendRequest = <Body extends object>(
  request: BedrockRequest,
  read: Read<Body>,
) => Promise<BedrockResponse<Body>>;

type Read<Body> = (response: HttpResponse) => Body | Promise<Body>;
type SdkConfig = BedrockRuntimeClient['config'];

/** What is the same for all requests of a client. */
interface Constants {
  readonly endpoint: EndpointV2;
  /** The members of an `HttpRequest` but path and body. */
  readonly target: ConstructorParameters<typeof HttpRequest>[0] & Pick<HttpRequest, 'headers'>;
  /** In front of each request's path. */
  readonly basePath: string;
}

/**
 * Sends as the SDK's client would, through its own middlewares for authentication, trace and signature. What the client works out for
 * each request again though it never changes (its endpoint, its user agent, its signer, the order of its middlewares) is worked out once,
 * and nothing goes through a schema. That is most of what a request costs there.
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

  return async function send<Body extends object>({ path, headers, body, signal }: BedrockRequest, read: Read<Body>) {
    const context: HandlerExecutionContext = {};
    await identify(nothing, context)({ input: {} });
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
    const { result, attempts } = await sendAgain(config, signal, async (count, most) => {
      request.headers['amz-sdk-request'] = `attempt=${count}; max=${most}`;
      return await sign({ input: {}, request });
    });
    const response = result.response as HttpResponse;
    return { body: result.output, headers: response.headers, metadata: { ...metadataOf(response), attempts } };
  };
}

/** Asks once; where that failed, the next one asks again. */
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

/** Ends a chain of middlewares that is run for what it adds to the request or to the context. */
const nothing = async () => ({ response: undefined, output: {} });
const trace = recursionDetectionMiddleware()(nothing, {});

/** What Bedrock's endpoints depend on, by the name that the SDK's rules have for it; the commands of its client say the same. */
const endpointParameters: EndpointParameterInstructions = {
  Region: { type: 'builtInParams', name: 'region' },
  Endpoint: { type: 'builtInParams', name: 'endpoint' },
  UseFIPS: { type: 'builtInParams', name: 'useFipsEndpoint' },
  UseDualStack: { type: 'builtInParams', name: 'useDualstackEndpoint' },
};

async function readConstants(config: SdkConfig, context: HandlerExecutionContext): Promise<Constants> {
  const locate = endpointMiddleware({ config, instructions: endpointParameters });
  await locate(nothing, context)({ input: {} });
  const { endpointV2: endpoint } = context;
  if (!endpoint) throw new Error('the SDK gave no endpoint');
  const described = new HttpRequest({});
  await userAgentMiddleware(config)(nothing, context)({ input: {}, request: described });
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
    if (statusCode >= 300) throw errorOfResponse(statusCode, headers, await config.streamCollector(body));
    return await read(response);
  } catch (error) {
    if (error instanceof Error) {
      // Not to be seen where an error is printed: a response holds sockets and headers.
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
