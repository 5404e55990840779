import type { HttpHeaders } from '../dialects/dialect.js';

/** Which browsers' pages may read the answers: all, those of exact origins, or none of it because another layer owns CORS. */
export type CorsOrigins = '*' | 'off' | readonly string[];

const exposed = [
  ...['x-request-id', 'retry-after', 'www-authenticate', 'x-amzn-remapped-www-authenticate'],
  ...['request-id', 'x-should-retry', 'x-proxy-dropped', 'x-proxy-estimate', 'x-served-model'],
].join(', ');

/** Headers that only some answers of Bedrock's own API have. */
const ofBedrock = /^x-amzn-/;

/** What a preflight may ask for if it names no header. */
const usual = 'authorization, content-type, x-api-key';
const mostNames = 64;
const headerName = /^[\w!#$%&'*+.^`|~-]+$/;

/** The CORS headers of an answer with headers of these names. Credentials are never allowed. */
export function corsHeaders(
  origins: CorsOrigins,
  headers: HttpHeaders,
  answerHeaders: readonly string[] = [],
): Record<string, string> {
  if (origins === 'off') return {};
  const more = answerHeaders.filter((name) => ofBedrock.test(name));
  const common = { 'access-control-expose-headers': [exposed, ...more].join(', ') };
  if (origins === '*') return { 'access-control-allow-origin': '*', ...common };
  const origin = headers['origin']?.[0];
  const isListed = origin !== undefined && origins.includes(origin);
  return { ...(isListed && { 'access-control-allow-origin': origin }), ...common, vary: 'Origin' };
}

/** What a preflight is told beside those. Clients send dozens of headers of their own, so those that it names may be sent. */
export function preflightHeaders(origins: CorsOrigins, headers: HttpHeaders): Record<string, string> {
  if (origins === 'off') return {};
  const asked =
    headers['access-control-request-headers']
      ?.join(',')
      .split(',')
      .map((name) => name.trim()) ?? [];
  const names = asked.filter((name) => headerName.test(name));
  return {
    'access-control-allow-methods': 'GET, POST, OPTIONS',
    'access-control-allow-headers': names.length === 0 || names.length > mostNames ? usual : names.join(', '),
    'access-control-max-age': '86400',
    vary: 'Access-Control-Request-Headers',
  };
}
