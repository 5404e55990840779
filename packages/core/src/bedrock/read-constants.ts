import type { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { userAgentMiddleware } from '@aws-sdk/core/client';
import { endpointMiddleware } from '@smithy/core/endpoints';
import { HttpRequest } from '@smithy/core/transport';
import type { EndpointParameterInstructions, HandlerExecutionContext, TokenIdentity } from '@smithy/types';
import { type HttpTarget, targetOf } from '../aws/create-http-transport.js';
import { createRequestSigner } from '../aws/create-request-signer.js';

export type SdkConfig = BedrockRuntimeClient['config'];

/** The values that are the same for all requests of a client. */
export interface Constants {
  /** The provider of a bearer token, if the settings prefer one to a signature. */
  readonly bearerToken: (() => Promise<TokenIdentity>) | undefined;
  readonly sign: ReturnType<typeof createRequestSigner>;
  readonly target: HttpTarget;
  readonly headers: Readonly<Record<string, string>>;
  /** The prefix of each path. */
  readonly basePath: string;
}

/** Ends a chain of middlewares that only change the request or the context. */
const noop = async () => ({ response: undefined, output: {} });

/** The parameters of Bedrock endpoints, by their names in the rules of the SDK. The commands of the client have the same table. */
const endpointParameters: EndpointParameterInstructions = {
  Region: { type: 'builtInParams', name: 'region' },
  Endpoint: { type: 'builtInParams', name: 'endpoint' },
  UseFIPS: { type: 'builtInParams', name: 'useFipsEndpoint' },
  UseDualStack: { type: 'builtInParams', name: 'useDualstackEndpoint' },
};

/**
 * Reads the configuration of a client for all its requests. The client computes its endpoint, user agent and signer for each request,
 * although they never change.
 */
export async function readConstants(config: SdkConfig): Promise<Constants> {
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
  return {
    bearerToken,
    sign: createRequestSigner('bedrock', region, { isClockFixed }),
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
