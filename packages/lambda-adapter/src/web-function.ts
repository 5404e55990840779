import { createProxy } from '@bedrock-proxy/core';
import { createBedrockInvoker } from '@bedrock-proxy/core/bedrock';
import { readConfiguration, readServerSettings } from '@bedrock-proxy/core/config';
import { runServer } from './run-server.js';
import { createWebFunctionListener } from './web-function-listener.js';

const settings = readServerSettings(process.env);
const { connect, proxy, http } = readConfiguration(process.env);

runServer(
  createWebFunctionListener(createProxy({ invoker: connect(createBedrockInvoker), ...proxy }), {
    ...settings,
    ...http,
  }),
  { ...settings, logger: proxy.logger },
);
