import type { HttpHeaders } from '../dialects/dialect.js';

/** Which browsers' pages may read the answers: all, those of exact origins, or none of it because another layer owns CORS. */
export type CorsOrigins = '*' | 'off' | readonly string[];

const exposed = [
  ...['x-request-id', 'retry-after', 'www-authenticate', 'x-amzn-remapped-www-authenticate'],
  ...['request-id', 'x-should-retry', 'x-proxy-dropped', 'x-proxy-estimate', 'x-served-model'],
].join(', ');

/** Headers that only some answers have: those of Bedrock's own API, and of limits. */
const ofSome = /^(?:x-amzn-|x-ratelimit-|anthropic-ratelimit-)/;

/** The CORS headers of an answer with headers of these names. Credentials are never allowed. */
export function corsHeaders(
  origins: CorsOrigins,
  headers: HttpHeaders,
  answerHeaders: readonly string[] = [],
): Record<string, string> {
  if (origins === 'off') return {};
  const more = answerHeaders.filter((name) => ofSome.test(name));
  const common = { 'access-control-expose-headers': [exposed, ...more].join(', ') };
  if (origins === '*') return { 'access-control-allow-origin': '*', ...common };
  const origin = headers['origin']?.[0];
  const isListed = origin !== undefined && origins.includes(origin);
  return { ...(isListed && { 'access-control-allow-origin': origin }), ...common, vary: 'Origin' };
}

/** The headers of the answer to a preflight, in addition to those of any answer. */
export function preflightHeaders(origins: CorsOrigins, headers: HttpHeaders): Record<string, string> {
  if (origins === 'off') return {};
  return {
    'access-control-allow-methods': 'GET, POST, OPTIONS',
    'access-control-allow-headers': allowedHeaders(headers['access-control-request-headers']?.join(',') ?? ''),
    'access-control-max-age': '86400',
    vary: 'Access-Control-Request-Headers',
  };
}

const headerName = /^[\w!#$%&'*+.^`|~-]+$/;
const mostNames = 64;
/** The head of an answer has a limited size. */
const mostCharacters = 8_192;

/** The names that a page asks for, because SDKs and tracing libraries send headers of their own. The proxy ignores those. */
function allowedHeaders(requested: string): string {
  const fallback = 'authorization, content-type, x-api-key';
  if (requested.length > mostCharacters) return fallback;
  const names = requested
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  const isUsable = names.length > 0 && names.length <= mostNames && names.every((name) => headerName.test(name));
  return isUsable ? names.join(', ') : fallback;
}
