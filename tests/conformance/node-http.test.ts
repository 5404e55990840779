import { createProxy } from '@bedrock-proxy/core';
import { createBedrockInvoker } from '@bedrock-proxy/core/bedrock';
import { readConfiguration } from '@bedrock-proxy/core/config';
import { type Dialect, standardDialects } from '@bedrock-proxy/core/dialects';
import { createRequestListener } from '@bedrock-proxy/core/node-http';
import { type FrontSetup, testFront } from '@bedrock-proxy/testing/contract';
import { serveFront } from '@bedrock-proxy/testing/lambda';
import { createRecordingLogger } from './recording-logger.ts';
import { toyDialect } from './toy-dialect.ts';
import { toyQuestions } from './toy-questions.ts';

/** The listener on a server, in front of a proxy that has these dialects. */
function startListener(dialects: readonly Dialect[]): FrontSetup['start'] {
  return async (environment) => {
    const logger = createRecordingLogger();
    const { bedrock, proxy, http } = readConfiguration(environment, logger);
    const invoker = createBedrockInvoker({
      ...bedrock,
      region: 'us-east-1',
      endpoint: environment.AWS_ENDPOINT_URL_BEDROCK_RUNTIME ?? '',
      credentials: { accessKeyId: 'emulated', secretAccessKey: 'emulated' },
    });
    const served = await serveFront(createRequestListener(createProxy({ invoker, ...proxy, dialects }), http));
    return { url: served.url, log: () => logger.lines, stop: () => served.close() };
  };
}

testFront('a listener of node:http', {
  ...{ front: 'node-http', streamsAs: 'events' },
  start: startListener(standardDialects()),
});

testFront('a listener of node:http, with a toy dialect', {
  ...{ front: 'node-http', streamsAs: 'events' },
  questions: toyQuestions,
  start: startListener([toyDialect()]),
});
