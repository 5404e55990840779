export { createFunctionUrlHandler } from './create-function-url-handler.js';
export type { StreamingFront, StreamingHandlerOptions } from './create-streaming-handler.js';
export { createStreamingHandler } from './create-streaming-handler.js';
export type { EventHeaders, EventKind } from './event-kind.js';
export { eventKind, readHeaders, readTraceId, unsupportedEvent } from './event-kind.js';
export type { LambdaRuntime } from './lambda-runtime.js';
export type { LambdaContext, ResponseHead, ResponseStream, StreamingHandler } from './response-stream.js';
export { clientSignal } from './response-stream.js';
