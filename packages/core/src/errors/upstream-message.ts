import { cleanMessage } from './clean-message.js';
import { type ErrorCode, errorKind, modelIdAdvice } from './error-kinds.js';

const invalidModelId = /model identifier is invalid/i;

/**
 * The message for a client from the sentences of the host, cleaned. Undefined for a code whose message does not quote the host, and if
 * nothing is left of the sentences.
 */
export function upstreamMessage(code: ErrorCode, ...sentences: readonly (string | undefined)[]): string | undefined {
  const { quotesHost, message } = errorKind(code);
  if (quotesHost === undefined) return undefined;
  const cleaned = sentences.map((sentence) => cleanMessage(sentence ?? '')).filter((sentence) => sentence !== '');
  if (cleaned.length === 0) return undefined;
  const quoted = cleaned.join(' ');
  if (quotesHost === 'after') return `${message} ${quoted}`;
  return invalidModelId.test(quoted) ? `${quoted} ${modelIdAdvice}` : quoted;
}
