import { createProxy } from '@bedrock-proxy/core';
import { createBedrockInvoker } from '@bedrock-proxy/core/bedrock';
import { readConfiguration } from '@bedrock-proxy/core/config';
import { createApiGatewayHandler } from './create-api-gateway-handler.js';

const { connect, proxy, http, gatewayTimeoutMs } = readConfiguration(process.env);

export const handler = createApiGatewayHandler(createProxy({ invoker: connect(createBedrockInvoker), ...proxy }), {
  ...http,
  gatewayTimeoutMs,
});
