import type { ProxyError } from '../../errors/proxy-error.js';
import { escapeLineBreaks } from './escape-line-breaks.js';

/** The object that a client reads where a request failed: `{"error":{…}}`. */
export function errorBody(error: ProxyError, requestId: string): string {
  const body = {
    error: {
      code: error.code,
      message: error.message,
      requestId,
      ...(error.retryable && { retryable: true }),
      ...(error.issues && { issues: error.issues }),
    },
  };
  return escapeLineBreaks(JSON.stringify(body));
}
