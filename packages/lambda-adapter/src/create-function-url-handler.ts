import type { ModelProxy } from '@bedrock-proxy/core';
import { createStreamingHandler, type StreamingHandlerOptions } from './create-streaming-handler.js';
import { readFunctionUrlRequest } from './read-function-url-request.js';
import type { StreamingHandler } from './response-stream.js';

/**
 * Creates the handler of a Lambda function behind a Function URL with `RESPONSE_STREAM`. A stream is answered with Server-Sent Events,
 * any other request with the JSON of the model. In Lambda, the handler never rejects. Leave CORS off on the Function URL, because the
 * handler answers preflights itself.
 */
export function createFunctionUrlHandler(proxy: ModelProxy, options?: StreamingHandlerOptions): StreamingHandler {
  return createStreamingHandler(proxy, { front: 'function-url', readRequest: readFunctionUrlRequest }, options);
}
