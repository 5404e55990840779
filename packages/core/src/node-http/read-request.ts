import type { IncomingMessage } from 'node:http';
import type { HttpHeaders } from '../dialects/dialect.js';
import type { HttpRequest } from '../http/http-request.js';

/** The path and the query of a request, as sent. A client may send the whole URL, as it does to a proxy. */
export function readTarget({ url = '/' }: Pick<IncomingMessage, 'url'>): Pick<HttpRequest, 'path'> & { query: string } {
  const target = url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '');
  const [path = '', ...query] = target.split('?');
  return { path: path || '/', query: query.join('?') };
}

/** Header values by lower-case name. A header that was sent twice has two values. */
export function readHeaders({ rawHeaders }: Pick<IncomingMessage, 'rawHeaders'>): HttpHeaders {
  // A map, because a client can send a header named `constructor`.
  const values = new Map<string, string[]>();
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const [name = '', value = ''] = rawHeaders.slice(index, index + 2);
    // HTTP/2 sends the method and the path as headers too.
    if (name.startsWith(':')) continue;
    const key = name.toLowerCase();
    const sent = values.get(key);
    if (sent) sent.push(value);
    else values.set(key, [value]);
  }
  return Object.fromEntries(values);
}

/**
 * Reads the address of a client from `X-Forwarded-For`, if that many proxies in front of this server each add the address of their
 * client: the value of the first of them. The values before it are what the client itself claims. undefined if a proxy added none.
 *
 * @param proxies how many proxies, at least 1
 */
export function forwardedAddress(proxies: number): (request: Pick<IncomingMessage, 'headers'>) => string | undefined {
  return ({ headers }) =>
    [headers['x-forwarded-for'] ?? []].flat().join(',').split(',').at(-proxies)?.trim() || undefined;
}
