const loopback = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Parses a URL from which keys may be fetched: https, or http on this host. Throws a `TypeError` with `name`, which does not quote it. */
export function trustedUrl(url: string, name: string): URL {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed?.protocol === 'https:') return parsed;
  if (parsed?.protocol === 'http:' && loopback.has(parsed.hostname)) return parsed;
  throw new TypeError(`${name} must be an https URL.`);
}
