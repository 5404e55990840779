import type { RequestListener } from 'node:http';

const welcome = `bedrock-proxy answers here.

One answer:

  curl http://localhost:PORT/ -H 'content-type: application/json' -d '{
    "modelId": "anthropic.claude-sonnet-4-5-20250929-v1:0",
    "anthropic_version": "bedrock-2023-05-31", "max_tokens": 100,
    "messages": [{"role": "user", "content": "Hello"}]
  }'

Add "stream": true for Server-Sent Events (curl -N). Where AUTH_TOKEN is set: -H "authorization: Bearer $AUTH_TOKEN".

The same function behind other fronts:

  /prod/    a REST API
  /http/    an HTTP API
  /stream/  a REST API that streams
  all else  a Function URL
`;

/** Puts the pages that belong to this server alone, `GET /` and `GET /playground/`, in front of the functions. */
export function withOwnPages(functions: RequestListener): RequestListener {
  return (request, response) => {
    const [path = '/'] = (request.url ?? '/').split('?');
    const isOwn = request.method === 'GET' && (path === '/' || path.startsWith('/playground/'));
    if (!isOwn) {
      functions(request, response);
      return;
    }
    const isKnown = path === '/';
    response.writeHead(isKnown ? 200 : 404, { 'content-type': 'text/plain; charset=utf-8' });
    response.end(isKnown ? welcome.replaceAll('PORT', String(request.socket.localPort)) : 'There is no such page.\n');
  };
}
