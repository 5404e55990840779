import type { RequestListener } from 'node:http';
import type { Invoke } from '../invoke.js';
import { maxEventBytes } from '../payload-limits.js';
import { createFront } from './create-front.js';
import { answerHead, jsonAnswer } from './front-answer.js';
import type { FrontOptions } from './front-request.js';
import { payloadV2Event } from './payload-v2-event.js';
import { readProxyResult } from './read-proxy-result.js';
import { rewriteForFunctionUrl } from './rewrite-headers.js';

export interface FunctionUrlOptions extends FrontOptions {
  readonly urlId?: string;
  readonly region?: string;
}

// The status is known from real deployments. The content type is a guess.
const failure = {
  status: 502,
  headers: [['content-type', 'text/plain']],
  body: Buffer.from('Internal Server Error'),
} as const;

/** Creates a Lambda Function URL with invoke mode RESPONSE_STREAM and auth type NONE. */
export function functionUrlFront(invoke: Invoke, options: FunctionUrlOptions = {}): RequestListener {
  const { urlId = 'local0000000000000000000000000000', region = 'us-east-1' } = options;
  const domainName = `${urlId}.lambda-url.${region}.on.aws`;
  return createFront(
    {
      maxBodyBytes: maxEventBytes,
      route: (request, requestId) => ({
        event: payloadV2Event(request, {
          domainName,
          routeKey: '$default',
          stage: '$default',
          rawPath: request.path,
          requestId,
        }),
      }),
      readBuffered: ({ payload }) =>
        readProxyResult(payload, {
          defaultContentType: 'application/json',
          infersAnswer: true,
          allowsMultiValueHeaders: false,
          allowsCookies: true,
          decodesBase64: true,
        }),
      readStreamed: ({ prelude, preludeProblem, contentType }) => {
        if (preludeProblem !== undefined) return undefined;
        return prelude === undefined
          ? { status: 200, headers: [['content-type', contentType]] }
          : answerHead(prelude, 'application/octet-stream');
      },
      rewrite: rewriteForFunctionUrl,
      requestIdHeader: 'x-amzn-RequestId',
      tooLarge: jsonAnswer(413, {
        Message: `Request must be smaller than ${maxEventBytes} bytes for the InvokeFunction operation`,
      }),
      malformed: failure,
      failed: failure,
      timedOut: failure,
    },
    invoke,
    options,
  );
}
