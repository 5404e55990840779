import type { HttpHeaders } from '../dialects/dialect.js';

/** Which browsers' pages may read the answers: all, those of exact origins, or none of it because another layer owns CORS. */
export type CorsOrigins = '*' | 'off' | readonly string[];

const exposed = 'x-request-id, retry-after, www-authenticate, x-amzn-remapped-www-authenticate';
/** Headers that only answers of some dialects have. */
const ofDialects = /^x-amzn-/;

/** The CORS headers of an answer with headers of these names. Credentials are never allowed. */
export function corsHeaders(
  origins: CorsOrigins,
  headers: HttpHeaders,
  answerHeaders: readonly string[] = [],
): Record<string, string> {
  if (origins === 'off') return {};
  const more = answerHeaders.filter((name) => ofDialects.test(name));
  const common = { 'access-control-expose-headers': [exposed, ...more].join(', ') };
  if (origins === '*') return { 'access-control-allow-origin': '*', ...common };
  const origin = headers['origin']?.[0];
  const isListed = origin !== undefined && origins.includes(origin);
  return { ...(isListed && { 'access-control-allow-origin': origin }), ...common, vary: 'Origin' };
}

/** What a preflight is told beside those. */
export function preflightHeaders(origins: CorsOrigins): Record<string, string> {
  if (origins === 'off') return {};
  return {
    'access-control-allow-methods': 'GET, POST, OPTIONS',
    'access-control-allow-headers': 'authorization, content-type, x-api-key',
    'access-control-max-age': '86400',
  };
}
