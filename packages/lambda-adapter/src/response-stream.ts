/** What is used of the stream that Lambda hands to a streaming handler. It is no `Writable`, whatever its types say. */
export interface ResponseStream {
  readonly writableNeedDrain: boolean;
  write(piece: string | Uint8Array): boolean;
  end(): void;
  on(event: 'drain' | 'close' | 'error', listener: () => void): unknown;
  off(event: 'drain' | 'close' | 'error', listener: () => void): unknown;
}

/** Status and headers, which Lambda sends in front of the first byte. */
export interface ResponseHead {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Where a local runtime tells a handler without a response stream that its client left. Lambda sets nothing of the kind: there such a
 * handler runs to its end.
 */
export const clientSignal: unique symbol = Symbol.for('bedrock-proxy.client-signal');

/** What is used of the context of an invocation. */
export interface LambdaContext {
  readonly awsRequestId: string;
  readonly [clientSignal]?: AbortSignal | undefined;
  getRemainingTimeInMillis(): number;
}

/** A handler as Lambda calls it where the answer is streamed. */
export type StreamingHandler = (event: unknown, stream: ResponseStream, context: LambdaContext) => Promise<void>;
