import { createProxy } from '@bedrock-proxy/core';
import { createBedrockInvoker } from '@bedrock-proxy/core/bedrock';
import { readConfiguration } from '@bedrock-proxy/core/config';
import { createApiGatewayStreamHandler } from './create-api-gateway-stream-handler.js';

const { bedrock, proxy, http } = readConfiguration(process.env);

export const handler = createApiGatewayStreamHandler(
  createProxy({ invoker: createBedrockInvoker(bedrock), ...proxy }),
  http,
);
