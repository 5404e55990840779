import type { ProxyError, RequestIssue } from '../errors/proxy-error.js';
import type { ModelRequest } from '../request/model-request.js';
import type { EventBatch } from '../stream/open-stream.js';

/** Makes the bytes of one streamed answer. It decides nothing: what ends a stream is told to it, once. */
export interface StreamEncoder {
  /** What opens the answer; may be empty. */
  open(): string;
  /** The text of a batch; empty where it holds nothing for this client. */
  batch(batch: EventBatch): string;
  /** What shows that the answer is whole. */
  end(): string;
  /** What shows that it is not. */
  fail(error: ProxyError, requestId: string): string;
}

/** How a client speaks: what it asks on which path, and how it reads an answer. */
export interface Dialect {
  readonly name: string;
  /** Whether this path, without stage and base path, belongs to the dialect. */
  matches(path: string): boolean;
  /** Throws a `ProxyError` for a request that is no call of a model; `issues` are those found outside the body. */
  parse(body: Uint8Array, issues?: readonly RequestIssue[]): ModelRequest;
  /** Server-Sent Events. */
  events(): StreamEncoder;
  /** One JSON array. */
  array(): StreamEncoder;
  /** The body of an answer that failed before its head. */
  failure(error: ProxyError, requestId: string): string;
}
