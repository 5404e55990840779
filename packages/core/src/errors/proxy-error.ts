import type { CallMeta } from '../ports/model-invoker.js';
import { type ErrorCode, errorKind, errorKinds } from './error-kinds.js';

/** One fault in a request. `path` names the field or header; `message` states how to fix it. */
export interface RequestIssue {
  readonly path: string;
  readonly message: string;
}

/** What is left of a limit per minute. */
export interface Rate {
  readonly of: 'requests' | 'tokens';
  readonly limit: number;
  readonly remaining: number;
  /** Milliseconds until all of the limit is there again, if nobody calls. */
  readonly resetMs: number;
}

/** The failure as the model host reported it. */
export interface UpstreamFailure {
  /** The exception, such as `ThrottlingException`. For a failure in an ordinary chunk: the error type that the model gives. */
  readonly name: string;
  /** The HTTP status, if the host refused the request. */
  readonly status?: number;
  /** The status that the model gave to the host. */
  readonly originalStatusCode?: number;
  /** The message of the model to the host. It may quote the request. */
  readonly originalMessage?: string;
  /** The resource of the host that failed. */
  readonly resourceName?: string;
  /** The message of the host, cleaned: safe to show to a client. */
  readonly message?: string;
  /** The `:exception-type` of an exception frame, as on the wire, such as `throttlingException`. */
  readonly exceptionType?: string;
  /** The chunk that reported the failure. No batch contains it. */
  readonly chunk?: Uint8Array;
}

export interface ProxyErrorOptions {
  /** Clients see it, so it must hold no secrets. Default: the message of the code. */
  readonly message?: string;
  /** The underlying error. It is logged, but never sent to a client. */
  readonly cause?: unknown;
  readonly issues?: readonly RequestIssue[];
  /** Whole seconds. Default: the value of the code. */
  readonly retryAfterSeconds?: number;
  readonly meta?: CallMeta;
  readonly upstream?: UpstreamFailure;
}

const brand = Symbol.for('bedrock-proxy.error');

/** The error class of this library. `code` identifies the failure; `message` states how to fix it. `cause` is never sent to a client. */
export class ProxyError extends Error {
  override readonly name = 'ProxyError';
  readonly code: ErrorCode;
  readonly issues?: readonly RequestIssue[];
  readonly retryAfterSeconds?: number;
  readonly meta?: CallMeta;
  readonly upstream?: UpstreamFailure;

  constructor(code: ErrorCode, options: ProxyErrorOptions = {}) {
    const kind = errorKind(code);
    super(options.message ?? kind.message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    if (options.issues !== undefined) this.issues = options.issues;
    if (options.meta !== undefined) this.meta = options.meta;
    if (options.upstream !== undefined) this.upstream = options.upstream;
    const retryAfterSeconds = options.retryAfterSeconds ?? kind.retryAfterSeconds;
    if (retryAfterSeconds !== undefined) this.retryAfterSeconds = retryAfterSeconds;
    Object.defineProperty(this, brand, { value: true });
  }

  /** Whether a retry of the same request may succeed. */
  get retryable(): boolean {
    return errorKind(this.code).retryable;
  }
}

/** Whether a value is a `ProxyError`. Checks a brand, so that errors of another copy of this library count too. */
export function isProxyError(value: unknown): value is ProxyError {
  return typeof value === 'object' && value !== null && brand in value;
}

/** Returns a `ProxyError` with a known code unchanged. Wraps any other value in an `internal` error as its cause. */
export function toProxyError(value: unknown): ProxyError {
  return isProxyError(value) && Object.hasOwn(errorKinds, value.code)
    ? value
    : new ProxyError('internal', { cause: value });
}
