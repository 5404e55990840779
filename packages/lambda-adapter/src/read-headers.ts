import type { HttpHeaders } from '@bedrock-proxy/core/http';

/** The headers of an event. Each name has one value or a list of values. */
export type EventHeaders = Readonly<Record<string, string | readonly string[] | null | undefined>> | null | undefined;

/** Header values by lower-case name. Names that differ only in case are one header. */
export function readHeaders(headers: EventHeaders): HttpHeaders {
  // A map, because a client can send a header named `constructor`.
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
