import type { RequestListener } from 'node:http';
import type { Invoke, StreamedInvocation } from '../invoke.js';
import { createFront } from './create-front.js';
import { isListed } from './event-body.js';
import { type AnswerHead, answerHead, type FrontAnswer, jsonAnswer } from './front-answer.js';
import { lastHeader } from './front-request.js';
import type { Gateway } from './gateway.js';
import { matchResource } from './match-resource.js';
import { readProxyResult } from './proxy-result.js';
import { restEvent } from './rest-event.js';
import { rewriteForRest } from './rewrite-headers.js';

export interface RestApiOptions {
  /** The path's first segment; by default `prod`. */
  readonly stage?: string;
  /** The resource beside the root: fixed, or ending in `{proxy+}`; by default `/{proxy+}`. */
  readonly resource?: string;
  /** Content types that travel as base64, both ways; by default none. */
  readonly binaryMediaTypes?: readonly string[];
  readonly apiId?: string;
  readonly region?: string;
  /** By default 29,000 for a buffered integration, 900,000 for a streaming one. */
  readonly integrationTimeoutMs?: number;
}

const malformed = jsonAnswer(502, { message: 'Internal server error' });
/** A streaming integration answers so where the function does not keep to its format. */
const nonConforming = jsonAnswer(500, { message: 'Internal server error' });

/** A REST API whose Lambda proxy integration buffers. */
export function restApiFront(invoke: Invoke, options: RestApiOptions = {}): RequestListener {
  const gateway = restGateway({ integrationTimeoutMs: 29_000, ...options });
  return createFront(
    {
      ...gateway,
      // Documented so: a function that streams to a buffering integration gets its head out, and no body.
      readStreamed: (result) => {
        const head = readConformingHead(result);
        return head === undefined ? undefined : { ...head, body: Buffer.alloc(0) };
      },
      malformed,
    },
    invoke,
  );
}

/** A REST API whose Lambda proxy integration has the response transfer mode STREAM. */
export function restApiStreamFront(invoke: Invoke, options: RestApiOptions = {}): RequestListener {
  const gateway = restGateway({ integrationTimeoutMs: 900_000, ...options });
  return createFront(
    {
      ...gateway,
      readBuffered: () => undefined,
      readStreamed: readConformingHead,
      malformed: nonConforming,
      failed: nonConforming,
    },
    invoke,
  );
}

function readConformingHead({ prelude }: StreamedInvocation): AnswerHead | undefined {
  return prelude === undefined ? undefined : answerHead(prelude, 'application/json');
}

type SharedGateway = Omit<Gateway, 'readStreamed' | 'malformed'>;

function restGateway(options: RestApiOptions & { readonly integrationTimeoutMs: number }): SharedGateway {
  const {
    stage = 'prod',
    resource = '/{proxy+}',
    binaryMediaTypes = [],
    apiId = 'local00001',
    region = 'us-east-1',
  } = options;
  const domainName = `${apiId}.execute-api.${region}.amazonaws.com`;
  return {
    maxBodyBytes: 10 * 1024 * 1024,
    integrationTimeoutMs: options.integrationTimeoutMs,
    route: (request, requestId) => {
      if (request.path !== `/${stage}` && !request.path.startsWith(`/${stage}/`))
        return { refusal: refuse('Forbidden') };
      const path = request.path.slice(stage.length + 1) || '/';
      const match = matchResource(path, resource);
      if (match === undefined) return { refusal: refuse('Missing Authentication Token') };
      return { event: restEvent(request, { ...match, domainName, stage, path, binaryMediaTypes, requestId }) };
    },
    readBuffered: ({ payload }, request): FrontAnswer | undefined =>
      readProxyResult(payload, {
        defaultContentType: 'application/json',
        infersAnswer: false,
        allowsMultiValueHeaders: true,
        allowsCookies: false,
        decodesBase64: isListed(lastHeader(request, 'accept')?.split(',')[0] ?? '*/*', binaryMediaTypes),
      }),
    rewrite: rewriteForRest,
    requestIdHeader: 'x-amzn-RequestId',
    tooLarge: jsonAnswer(413, { message: 'Request Too Long' }),
    failed: malformed,
    timedOut: jsonAnswer(504, { message: 'Endpoint request timed out' }),
  };
}

/** A REST API answers both an unknown stage and an unknown resource with 403. */
function refuse(message: string): FrontAnswer {
  return jsonAnswer(403, { message });
}
