import type { ProxyError } from '../../errors/proxy-error.js';
import { escapeLineBreaks } from '../escape-line-breaks.js';

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
