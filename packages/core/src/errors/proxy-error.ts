import type { CallMeta } from '../ports/model-invoker.js';
import { type ErrorCode, errorKind, errorKinds } from './error-codes.js';

/** One thing that is wrong with a request: `path` names the member or header, `message` says how to fix it. */
export interface RequestIssue {
  readonly path: string;
  readonly message: string;
}

/** The failure as the model host named it. */
export interface UpstreamFailure {
  /** Such as `ThrottlingException`; for a failure in an ordinary chunk, the model's own word. */
  readonly name: string;
  /** The HTTP status of a refusal. */
  readonly status?: number;
  /** Its own sentence, cleaned: safe to show to a client. */
  readonly message?: string;
  /** The `:exception-type` of an exception frame, as it came, such as `throttlingException`. */
  readonly exceptionType?: string;
  /** The chunk that reported the failure. No batch has it. */
  readonly chunk?: Uint8Array;
}

export interface ProxyErrorOptions {
  /** Safe to show to a client; by default the sentence of the code. */
  readonly message?: string;
  /** For the log alone. */
  readonly cause?: unknown;
  readonly issues?: readonly RequestIssue[];
  /** Whole seconds; by default those of the code. */
  readonly retryAfterSeconds?: number;
  readonly meta?: CallMeta;
  readonly upstream?: UpstreamFailure;
}

const brand = Symbol.for('bedrock-proxy.error');

/** The one error of this library. `code` says what happened, `message` what to do next; `cause` is for the log alone. */
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

  /** Whether the same request may succeed when it is sent again. */
  get retryable(): boolean {
    return errorKind(this.code).retryable;
  }
}

/** Recognises a `ProxyError` by its brand, so that one of another copy of this library counts too. */
export function isProxyError(value: unknown): value is ProxyError {
  return typeof value === 'object' && value !== null && brand in value;
}

/** A `ProxyError` of a known code as it is; anything else as `internal`, kept as the cause. */
export function toProxyError(value: unknown): ProxyError {
  return isProxyError(value) && Object.hasOwn(errorKinds, value.code)
    ? value
    : new ProxyError('internal', { cause: value });
}
