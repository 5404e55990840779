const loopback = new Set(['localhost', '127.0.0.1', '[::1]']);

/** A URL that keys may be fetched from: https, or http on this very machine. Throws a `TypeError` that does not quote it. */
export function trustedUrl(url: string, what: string): URL {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed?.protocol === 'https:') return parsed;
  if (parsed?.protocol === 'http:' && loopback.has(parsed.hostname)) return parsed;
  throw new TypeError(`${what} must be an https URL.`);
}
