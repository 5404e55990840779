import { createProxy } from '@bedrock-proxy/core';
import { createBedrockInvoker } from '@bedrock-proxy/core/bedrock';
import { ConfigurationError, readConfiguration, readServerSettings } from '@bedrock-proxy/core/config';
import { createWebFunctionListener } from './create-web-function-listener.js';
import { runServer } from './run-server.js';

function start(environment: NodeJS.ProcessEnv): void {
  const settings = readServerSettings(environment);
  const { connect, proxy, http } = readConfiguration(environment);

  runServer(
    createWebFunctionListener(createProxy({ invoker: connect(createBedrockInvoker), ...proxy }), {
      ...settings,
      ...http,
    }),
    { ...settings, logger: proxy.logger },
  );
}

try {
  start(process.env);
} catch (error) {
  if (!(error instanceof ConfigurationError)) throw error;
  // Its stack would be a page of minified code.
  console.error(error.message);
  process.exitCode = 1;
}
