import { createApiGatewayHandler } from '@bedrock-proxy/apigw-adapter';
import { createProxy } from '@bedrock-proxy/core';
import { createBedrockInvoker } from '@bedrock-proxy/core/bedrock';
import { readConfiguration } from '@bedrock-proxy/core/config';
import { testFront } from '@bedrock-proxy/testing/contract';
import { createInProcessRuntime, httpApiFront, serveFront } from '@bedrock-proxy/testing/lambda';
import { createRecordingLogger } from './recording-logger.ts';
import { toyDialect } from './toy-dialect.ts';
import { toyQuestions } from './toy-questions.ts';

testFront('an HTTP API, with a toy dialect', {
  front: 'http-api',
  streamsAs: 'array',
  gatewayRequestId: 'apigw-requestid',
  questions: toyQuestions,
  async start(environment) {
    const logger = createRecordingLogger();
    const { bedrock, proxy, http, gatewayTimeoutMs } = readConfiguration(environment, logger);
    const invoker = createBedrockInvoker({
      ...bedrock,
      region: 'us-east-1',
      endpoint: environment.AWS_ENDPOINT_URL_BEDROCK_RUNTIME ?? '',
      credentials: { accessKeyId: 'emulated', secretAccessKey: 'emulated' },
    });
    const toyProxy = createProxy({ invoker, ...proxy, dialects: [toyDialect()] });
    const handler = createApiGatewayHandler(toyProxy, { ...http, gatewayTimeoutMs });
    const served = await serveFront(httpApiFront(createInProcessRuntime().run(handler)));
    return { url: served.url, log: () => logger.lines, stop: () => served.close() };
  },
});
