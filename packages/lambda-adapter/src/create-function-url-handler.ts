import type { ModelProxy } from '@bedrock-proxy/core';
import { createStreamingHandler, type StreamingHandlerOptions } from './create-streaming-handler.js';
import { readFunctionUrlRequest } from './read-function-url-request.js';
import type { StreamingHandler } from './response-stream.js';

/**
 * The handler of a Lambda behind a Function URL with `RESPONSE_STREAM`: Server-Sent Events for a stream, the model's own JSON
 * otherwise. It never rejects. Leave the Function URL's own CORS off: this handler answers preflights itself.
 */
export function createFunctionUrlHandler(proxy: ModelProxy, options?: StreamingHandlerOptions): StreamingHandler {
  return createStreamingHandler(proxy, { front: 'function-url', readRequest: readFunctionUrlRequest }, options);
}
