import type { ModelProxy } from '@bedrock-proxy/core';
import {
  createStreamingHandler,
  eventKind,
  type StreamingHandler,
  type StreamingHandlerOptions,
  unsupportedEvent,
} from '@bedrock-proxy/lambda-adapter';
import { isRestApiEvent, readRestApiRequest } from './read-rest-api-request.js';

const front = 'rest-api-stream';

/**
 * Creates the handler of a Lambda function behind a REST API with `responseTransferMode: STREAM`. A stream is answered with Server-Sent
 * Events, any other request with the JSON of the model. In Lambda, the handler never rejects.
 */
export function createApiGatewayStreamHandler(proxy: ModelProxy, options?: StreamingHandlerOptions): StreamingHandler {
  return createStreamingHandler(
    proxy,
    {
      front,
      readRequest(event, context, signal) {
        if (!isRestApiEvent(event)) throw unsupportedEvent(eventKind(event), 'API Gateway REST APIs that stream');
        return readRestApiRequest(event, front, { context, signal, remainingMs: context.getRemainingTimeInMillis() });
      },
    },
    options,
  );
}
