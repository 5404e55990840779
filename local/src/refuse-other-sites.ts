import type { RequestListener } from 'node:http';

const thisMachine = new Set(['localhost', '127.0.0.1', '[::1]']);
const tokenSources = ['AUTH_TOKEN', 'AUTH_TOKENS', 'AUTH_TOKENS_SECRET_ID', 'AUTH_TOKENS_PARAMETER', 'JWT_ISSUER'];

/** Whether the environment names no source of tokens, so that whoever reaches the server may call. */
export function isOpen(environment: NodeJS.ProcessEnv): boolean {
  return tokenSources.every((name) => environment[name] === undefined);
}

/**
 * Answers pages and programs of this machine alone. Any website that its user visits could otherwise have the browser send a request
 * here, or come by a name of its own that leads to this machine, and spend the user's AWS account.
 */
export function refuseOtherSites(listener: RequestListener): RequestListener {
  return (request, response) => {
    const { host = '', origin } = request.headers;
    if (isThisMachine(`http://${host}`) && (origin === undefined || isThisMachine(origin))) {
      listener(request, response);
      return;
    }
    response.writeHead(403, { 'content-type': 'text/plain; charset=utf-8' });
    response.end(
      'Without a token this server answers pages of this machine alone. Set AUTH_TOKEN to open it to others.\n',
    );
  };
}

function isThisMachine(address: string): boolean {
  return URL.canParse(address) && thisMachine.has(new URL(address).hostname);
}
