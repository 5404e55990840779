import type { HttpHeaders } from '../dialects/dialect.js';
import { ProxyError } from '../errors/proxy-error.js';

/**
 * The token that a request presents: `Authorization: Bearer`, or `x-api-key` where that is absent or of another scheme; undefined
 * where there is none. Throws `invalid_request` for more than one `Authorization`.
 */
export function readCredential(headers: HttpHeaders): string | undefined {
  const authorizations = headers['authorization'] ?? [];
  const bearer = /^bearer(?:[ \t]+(.*))?$/i.exec(authorizations[0]?.trim() ?? '');
  // A gateway may have joined two headers into one value; no token holds a comma.
  if (authorizations.length > 1 || (bearer && authorizations[0]?.includes(','))) {
    throw new ProxyError('invalid_request', {
      issues: [{ path: 'Authorization', message: 'Send one Authorization header: there is more than one.' }],
    });
  }
  if (bearer) return bearer[1] || undefined;
  // Two keys are no key, as they are where a gateway has joined them.
  return headers['x-api-key']?.join(',').trim() || undefined;
}
