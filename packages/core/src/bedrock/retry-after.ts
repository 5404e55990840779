import type { ResponseHeaders } from './call-meta-of.js';

/** The seconds that the host asks to wait, from a number or an HTTP date, or from AWS's own header in milliseconds; undefined if it asks for none. Never negative. */
export function readRetryAfter(headers: ResponseHeaders): number | undefined {
  const milliseconds = headers['x-amz-retry-after'] ?? '';
  const value = headers['retry-after'] ?? '';
  if (value === '' && /^\d{1,15}$/.test(milliseconds)) return Number(milliseconds) / 1_000;
  if (/^\d{1,12}(?:\.\d{1,12})?$/.test(value)) return Number(value);
  const date = /^[A-Za-z]{3}, /.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max((date - Date.now()) / 1_000, 0);
}
