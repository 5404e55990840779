import type {
  Context,
  LambdaFunctionURLEvent,
  LambdaFunctionURLEventWithIAMAuthorizer,
  StreamifyHandler,
} from 'aws-lambda';
import type { FunctionUrlEvent } from './function-url-event.js';
import type { LambdaRuntime } from './lambda-runtime.js';
import type { LambdaContext, ResponseStream, StreamingHandler } from './response-stream.js';

/** Compiles where `Given` may be passed for `Wanted`. */
type Assignable<Given extends Wanted, Wanted> = [Given, Wanted];

export type Proofs = [
  Assignable<LambdaFunctionURLEvent, FunctionUrlEvent>,
  Assignable<LambdaFunctionURLEventWithIAMAuthorizer, FunctionUrlEvent>,
  Assignable<Context, LambdaContext>,
  Assignable<awslambda.HttpResponseStream, ResponseStream>,
  Assignable<StreamingHandler, StreamifyHandler<LambdaFunctionURLEvent, void>>,
  Assignable<LambdaRuntime['streamify'], (handler: StreamingHandler) => StreamifyHandler<LambdaFunctionURLEvent, void>>,
];

// @ts-expect-error A type that takes anything proves nothing: a path is no event.
export type Refuted = Assignable<{ rawPath: string }, FunctionUrlEvent>;
