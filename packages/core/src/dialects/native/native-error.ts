import type { ProxyError } from '../../errors/proxy-error.js';
import type { PlainAnswer } from '../dialect.js';
import { escapeLineBreaks } from '../escape-line-breaks.js';
import { plainRefusal } from '../plain-refusal.js';

/** The object that a client reads if a request failed: `{"error":{…}}`, in one line for every reader. */
export function nativeError(error: ProxyError, requestId: string): string {
  const body = {
    error: {
      code: error.code,
      message: error.message,
      requestId,
      ...(error.retryable && { retryable: true }),
      issues: error.issues,
    },
  };
  return escapeLineBreaks(JSON.stringify(body));
}

/** The answer of a request that failed before its head was sent. */
export function nativeRefusal(error: ProxyError, requestId: string): PlainAnswer {
  return plainRefusal(error, nativeError(error, requestId));
}
