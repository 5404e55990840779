import type { RequestListener } from 'node:http';

const thisMachine = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Refuses requests of web pages that do not come from this machine. Otherwise, any website could make the user's
 * browser send requests to this server, directly or through a domain name that resolves to 127.0.0.1, at the cost of
 * the user's AWS account.
 */
export function refuseOtherSites(listener: RequestListener): RequestListener {
  return (request, response) => {
    // HTTP/2 has `:authority` in place of `Host`.
    const { ':authority': authority = '', host = String(authority), origin } = request.headers;
    if (isThisMachine(`http://${host}`) && (origin === undefined || isThisMachine(origin))) {
      listener(request, response);
      return;
    }
    response.writeHead(403, { 'content-type': 'text/plain; charset=utf-8' });
    response.end(
      'Without a token, this server only answers pages of this machine. Set AUTH_TOKEN to allow other pages.\n',
    );
  };
}

function isThisMachine(address: string): boolean {
  return URL.canParse(address) && thisMachine.has(new URL(address).hostname);
}
