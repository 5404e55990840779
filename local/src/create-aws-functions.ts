import { createApiGatewayHandler, createApiGatewayStreamHandler } from '@bedrock-proxy/apigw-adapter';
import { createProxy } from '@bedrock-proxy/core';
import { createBedrockInvoker } from '@bedrock-proxy/core/bedrock';
import { readConfiguration } from '@bedrock-proxy/core/http';
import { createFunctionUrlHandler } from '@bedrock-proxy/lambda-adapter';
import { createInProcessRuntime, type LocalFunctions } from '@bedrock-proxy/testing/lambda';

/**
 * The same functions put together from the libraries, in front of Amazon Bedrock: the SDK finds region and credentials
 * as it does everywhere, where the bundles know no more than Lambda gives them.
 */
export function createAwsFunctions(): LocalFunctions {
  const runtime = createInProcessRuntime();
  const { bedrock, proxy: options, http, gatewayTimeoutMs } = readConfiguration(process.env);
  const proxy = createProxy({ invoker: createBedrockInvoker(bedrock), ...options });
  return {
    functionUrl: runtime.run(createFunctionUrlHandler(proxy, http)),
    apiGateway: runtime.run(createApiGatewayHandler(proxy, { ...http, gatewayTimeoutMs })),
    apiGatewayStream: runtime.run(createApiGatewayStreamHandler(proxy, http)),
  };
}
