import type { RequestListener } from 'node:http';
import type { Invoke, StreamedInvocation } from '../invoke.js';
import { createFront, type Gateway } from './create-front.js';
import { isListed } from './event-body.js';
import { type AnswerHead, answerHead, type FrontAnswer, jsonAnswer } from './front-answer.js';
import { type FrontOptions, lastHeader } from './front-request.js';
import { matchResource } from './match-resource.js';
import { readProxyResult } from './read-proxy-result.js';
import { restEvent } from './rest-event.js';
import { rewriteForRest } from './rewrite-headers.js';

export interface RestApiOptions extends FrontOptions {
  /** The first path segment. By default `prod`. */
  readonly stage?: string;
  /** The resource in addition to the root: a fixed path, or one that ends with `{proxy+}`. By default `/{proxy+}`. */
  readonly resource?: string;
  /** Content types that are sent as base64 in events and results. By default none. */
  readonly binaryMediaTypes?: readonly string[];
  readonly apiId?: string;
  readonly region?: string;
  /** By default 29,000 for a buffered integration and 900,000 for a streaming one. */
  readonly integrationTimeoutMs?: number;
}

const malformed = jsonAnswer(502, { message: 'Internal server error' });
/** The answer of a streaming integration if the function violates the response format. */
const nonConforming = jsonAnswer(500, { message: 'Internal server error' });

/** Creates a REST API with a buffered Lambda proxy integration. */
export function restApiFront(invoke: Invoke, options: RestApiOptions = {}): RequestListener {
  const gateway = restGateway({ integrationTimeoutMs: 29_000, ...options });
  return createFront(
    {
      ...gateway,
      // AWS documents this: a buffered integration sends only the headers of a streamed result.
      readStreamed: (result) => {
        const head = readConformingHead(result);
        return head === undefined ? undefined : { ...head, body: Buffer.alloc(0) };
      },
      malformed,
    },
    invoke,
    options,
  );
}

/** Creates a REST API with a Lambda proxy integration whose response transfer mode is STREAM. */
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
    options,
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

/** A REST API answers 403 for an unknown stage and for an unknown resource. */
function refuse(message: string): FrontAnswer {
  return jsonAnswer(403, { message });
}
