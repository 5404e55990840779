import type { RequestListener } from 'node:http';
import type { Invoke } from '../invoke.js';
import { createFront } from './create-front.js';
import { jsonAnswer } from './front-answer.js';
import type { FrontOptions } from './front-request.js';
import { payloadV2Event } from './payload-v2-event.js';
import { readProxyResult } from './read-proxy-result.js';
import { rewriteForHttpApi } from './rewrite-headers.js';

export interface HttpApiOptions extends FrontOptions {
  /** By default `$default`, the only stage that is not part of the path. */
  readonly stage?: string;
  readonly apiId?: string;
  readonly region?: string;
  /** By default 30,000, the maximum of an HTTP API. */
  readonly integrationTimeoutMs?: number;
}

const failure = jsonAnswer(500, { message: 'Internal Server Error' });

/** Creates an HTTP API with payload format 2.0 and the route `$default`. */
export function httpApiFront(invoke: Invoke, options: HttpApiOptions = {}): RequestListener {
  const { stage = '$default', apiId = 'local00002', region = 'us-east-1', integrationTimeoutMs = 30_000 } = options;
  const domainName = `${apiId}.execute-api.${region}.amazonaws.com`;
  return createFront(
    {
      maxBodyBytes: 10 * 1024 * 1024,
      integrationTimeoutMs,
      route: (request, requestId) => {
        const rawPath = decodePath(request.path);
        if (stage !== '$default' && rawPath !== `/${stage}` && !rawPath.startsWith(`/${stage}/`)) {
          return { refusal: jsonAnswer(404, { message: 'Not Found' }) };
        }
        return { event: payloadV2Event(request, { domainName, routeKey: '$default', stage, rawPath, requestId }) };
      },
      readBuffered: ({ payload }) =>
        readProxyResult(payload, {
          defaultContentType: 'text/plain;charset=utf-8',
          infersAnswer: true,
          allowsMultiValueHeaders: false,
          allowsCookies: true,
          decodesBase64: true,
        }),
      readStreamed: () => undefined,
      rewrite: rewriteForHttpApi,
      requestIdHeader: 'apigw-requestid',
      tooLarge: jsonAnswer(413, { message: 'Request Entity Too Large' }),
      malformed: failure,
      failed: failure,
      timedOut: jsonAnswer(503, { message: 'Service Unavailable' }),
    },
    invoke,
    options,
  );
}

/** An HTTP API decodes the path and then treats a decoded `?` as the start of the query. */
function decodePath(path: string): string {
  try {
    return decodeURIComponent(path).split('?')[0] ?? '/';
  } catch {
    return path;
  }
}
