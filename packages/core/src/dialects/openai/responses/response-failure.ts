import type { ProxyError } from '../../../errors/proxy-error.js';
import { openAiError } from '../openai-error.js';

/** Why a response failed, in the words of the events of a stream. */
export interface ResponseFailure {
  readonly type: string;
  readonly code: string;
  readonly message: string;
}

/** Codes that clients act on. Codex stops at the last three, and tries again after the first and after `server_error`. */
const known: ReadonlySet<string> = new Set([
  'rate_limit_exceeded',
  'insufficient_quota',
  'context_length_exceeded',
  'invalid_prompt',
]);

/** The failure of a stream that has begun. A code that clients do not know is named in the message. */
export function responseFailure(error: ProxyError): ResponseFailure {
  const { type, code, message } = openAiError(error);
  const word = code === 'upstream_validation' ? 'invalid_prompt' : code;
  if (known.has(word)) return { type, code: word, message };
  return { type, code: 'server_error', message: `${message} (${code})` };
}
