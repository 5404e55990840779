import { createApiGatewayHandler, createApiGatewayStreamHandler } from '@bedrock-proxy/apigw-adapter';
import { createProxy } from '@bedrock-proxy/core';
import { createBedrockInvoker } from '@bedrock-proxy/core/bedrock';
import { readConfiguration } from '@bedrock-proxy/core/config';
import { createFunctionUrlHandler } from '@bedrock-proxy/lambda-adapter';
import { createInProcessRuntime, type LocalFunctions } from '@bedrock-proxy/testing/lambda';

/**
 * Creates the functions from the libraries and connects them to Amazon Bedrock. It does not use the bundles, because
 * they only find the credentials of Lambda. The libraries find the Region and the credentials like the AWS CLI.
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
