import { parseTokenRecords } from './parse-token-records.js';
import type { TokenRecord } from './token-record.js';

/** Characters: what is shorter can be guessed. */
export const shortestToken = 8;

/**
 * The records in the text of a secret: a JSON array of them, or one bare token with every right, whose principal is `default`.
 * Throws a `TypeError` that says what is wrong and never quotes the text.
 */
export function readTokenText(text: string): readonly TokenRecord[] {
  const trimmed = text.trim();
  if (/^[[{]/.test(trimmed)) return readTokenArray(trimmed);
  return assertLongEnough(parseTokenRecords([{ id: 'default', token: trimmed }]));
}

/** The records in the text of a JSON array. */
export function readTokenArray(text: string): readonly TokenRecord[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The engine's own sentence would quote the text.
    throw new TypeError('The value is no valid JSON.');
  }
  return assertLongEnough(parseTokenRecords(value));
}

function assertLongEnough(records: readonly TokenRecord[]): readonly TokenRecord[] {
  const index = records.findIndex(({ token }) => token !== undefined && token.length < shortestToken);
  if (index === -1) return records;
  throw new TypeError(`[${index}].token must have at least ${shortestToken} characters.`);
}
