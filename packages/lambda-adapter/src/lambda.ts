import { createProxy } from '@bedrock-proxy/core';
import { createBedrockInvoker } from '@bedrock-proxy/core/bedrock';
import { readConfiguration } from '@bedrock-proxy/core/config';
import { createFunctionUrlHandler } from './create-function-url-handler.js';

const { bedrock, proxy, http } = readConfiguration(process.env);

export const handler = createFunctionUrlHandler(
  createProxy({ invoker: createBedrockInvoker(bedrock), ...proxy }),
  http,
);
