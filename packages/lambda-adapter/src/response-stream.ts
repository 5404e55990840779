/** The part of the stream of Lambda that a streaming handler uses. The stream is not a `Writable`, although its types say so. */
export interface ResponseStream {
  readonly writableNeedDrain: boolean;
  write(piece: string | Uint8Array): boolean;
  end(): void;
  on(event: 'drain' | 'close' | 'error', listener: () => void): unknown;
  off(event: 'drain' | 'close' | 'error', listener: () => void): unknown;
}

/** Status and headers. Lambda sends them before the first byte. */
export interface ResponseHead {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * The key of a signal in the context of a handler without a response stream. The signal aborts if the client disconnects. Only local
 * runtimes set it. In Lambda, such a handler always runs to its end.
 */
export const clientSignal: unique symbol = Symbol.for('bedrock-proxy.client-signal');

/** The part of the context of an invocation that a handler uses. */
export interface LambdaContext {
  readonly awsRequestId: string;
  /** The header of X-Ray, on runtimes where one process serves several invocations at once. */
  readonly xRayTraceId?: string | undefined;
  readonly [clientSignal]?: AbortSignal | undefined;
  getRemainingTimeInMillis(): number;
}

/** A handler as Lambda calls it for a streamed answer. */
export type StreamingHandler = (event: unknown, stream: ResponseStream, context: LambdaContext) => Promise<void>;
