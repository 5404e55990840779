import type { Writable } from 'node:stream';

/** The members of a Function URL event that the contenders read. */
export interface FunctionUrlEvent {
  readonly rawPath: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Invocation {
  readonly awsRequestId: string;
  getRemainingTimeInMillis(): number;
}

export type ResponseStream = Writable;

export type Handler = (event: FunctionUrlEvent, stream: ResponseStream, context: Invocation) => Promise<unknown>;

/** The global `awslambda` of a streaming handler. */
export interface LambdaRuntime {
  streamifyResponse(handler: Handler): Handler;
  readonly HttpResponseStream: {
    from(
      stream: ResponseStream,
      head: { readonly statusCode: number; readonly headers: Readonly<Record<string, string>> },
    ): ResponseStream;
  };
}

declare global {
  var awslambda: LambdaRuntime;
}
