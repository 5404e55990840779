import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { RequestListener, ServerResponse } from 'node:http';
import { extname } from 'node:path';
import { noFaults, type PlayableFaults } from './playable-faults.ts';

const folder = new URL('playground/', import.meta.url);

const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** The page may only load files from this server and only send requests to it. */
const headers = {
  'cache-control': 'no-cache',
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** The Bedrock behind the server. The page shows `line`. */
export interface Backend {
  readonly isEmulated: boolean;
  readonly line: string;
  /** The faults that the emulated Bedrock can simulate; absent with Amazon Bedrock. */
  readonly faults?: PlayableFaults;
}

/**
 * Serves the playground at `GET /` and `GET /playground/…` and passes all other requests to `functions`. A client
 * of the command line gets a line of text at `GET /`.
 */
export function withPlayground(functions: RequestListener, { faults = noFaults, ...about }: Backend): RequestListener {
  const files = new Set(readdirSync(folder).filter((name) => extname(name) in contentTypes));

  async function serve(path: string, response: ServerResponse): Promise<void> {
    const name = path === '/' ? 'index.html' : path.slice('/playground/'.length);
    if (name === 'faults.json') {
      send(response, 200, 'application/json', JSON.stringify(faults));
    } else if (name === 'backend.json') {
      send(response, 200, 'application/json', JSON.stringify(about));
    } else if (files.has(name)) {
      send(response, 200, contentTypes[extname(name)] ?? '', await readFile(new URL(name, folder)));
    } else {
      send(response, 404, 'text/plain; charset=utf-8', 'Page not found.\n');
    }
  }

  return (request, response) => {
    const [path = '/'] = (request.url ?? '/').split('?');
    const isPlayground = request.method === 'GET' && (path === '/' || path.startsWith('/playground/'));
    if (!isPlayground) {
      functions(request, response);
      return;
    }
    if (path === '/' && commandLineTools.test(request.headers['user-agent'] ?? '')) {
      send(response, 200, 'text/plain; charset=utf-8', `bedrock-proxy. ${about.line} ${howToAsk}\n`);
      return;
    }
    serve(path, response).catch((error: unknown) => {
      send(response, 500, 'text/plain; charset=utf-8', `${error}\n`);
    });
  };
}

const commandLineTools = /^(?:curl|Wget|HTTPie|xh)\b/i;
const howToAsk =
  'POST a request here, or open this address in a browser for the playground. GET /v1/models lists models, GET /health reports the state.';

function send(response: ServerResponse, status: number, contentType: string, body: string | Uint8Array): void {
  response.writeHead(status, { ...headers, 'content-type': contentType });
  response.end(body);
}
