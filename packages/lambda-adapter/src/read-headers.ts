import type { HttpHeaders } from '@bedrock-proxy/core/http';

/** Headers as an event holds them: one value for each name, or all of them. */
export type EventHeaders = Readonly<Record<string, string | readonly string[] | null | undefined>> | null | undefined;

/** Header values by lower-case name; two names that differ in case alone are two values of one header. */
export function readHeaders(headers: EventHeaders): HttpHeaders {
  // Not an object: a client may well send a header named `constructor`.
  const values = new Map<string, readonly string[]>();
  for (const [name, value] of Object.entries(headers ?? {})) {
    const key = name.toLowerCase();
    const sent = typeof value === 'string' ? [value] : Array.isArray(value) ? value.filter(isString) : [];
    if (sent.length > 0) values.set(key, values.get(key)?.concat(sent) ?? sent);
  }
  return Object.fromEntries(values);
}

function isString(value: unknown): value is string {
  return typeof value === 'string';
}
