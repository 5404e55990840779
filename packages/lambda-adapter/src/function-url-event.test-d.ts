import type {
  Context,
  LambdaFunctionURLEvent,
  LambdaFunctionURLEventWithIAMAuthorizer,
  StreamifyHandler,
} from 'aws-lambda';
import type { FunctionUrlEvent } from './function-url-event.js';
import type { LambdaRuntime } from './lambda-runtime.js';
import type { LambdaContext, ResponseStream, StreamingHandler } from './response-stream.js';

/** Compiles only if `Given` is assignable to `Wanted`. */
type Assignable<Given extends Wanted, Wanted> = [Given, Wanted];

export type Proofs = [
  Assignable<LambdaFunctionURLEvent, FunctionUrlEvent>,
  Assignable<LambdaFunctionURLEventWithIAMAuthorizer, FunctionUrlEvent>,
  Assignable<Context, LambdaContext>,
  Assignable<awslambda.HttpResponseStream, ResponseStream>,
  Assignable<StreamingHandler, StreamifyHandler<LambdaFunctionURLEvent, void>>,
  Assignable<LambdaRuntime['streamify'], (handler: StreamingHandler) => StreamifyHandler<LambdaFunctionURLEvent, void>>,
];

// @ts-expect-error A path is not an event. Without this check, a type that accepts anything would pass.
export type Refuted = Assignable<{ rawPath: string }, FunctionUrlEvent>;
