import type { ProxyError } from '../../errors/proxy-error.js';

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

const lineBreaks = /[\u0085\u2028\u2029]/g;

/** Compact JSON with every character escaped that some reader takes for the end of a line. */
export function escapeLineBreaks(json: string): string {
  return json.replace(lineBreaks, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
