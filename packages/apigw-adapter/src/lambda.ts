import { createProxy } from '@bedrock-proxy/core';
import { createBedrockInvoker } from '@bedrock-proxy/core/bedrock';
import { readConfiguration } from '@bedrock-proxy/core/config';
import { createApiGatewayHandler } from './create-api-gateway-handler.js';

const { bedrock, proxy, http, gatewayTimeoutMs } = readConfiguration(process.env);

export const handler = createApiGatewayHandler(createProxy({ invoker: createBedrockInvoker(bedrock), ...proxy }), {
  ...http,
  gatewayTimeoutMs,
});
