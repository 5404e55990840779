import { encodeBodyV1 } from './event-body.js';
import { forwardedHeaders } from './forwarded-headers.js';
import { type FrontRequest, formatRequestTime, lastHeader } from './front-request.js';

/** The values that depend on the REST API. */
export interface RestEventSource {
  readonly domainName: string;
  readonly stage: string;
  /** The resource path, such as `/{proxy+}`. */
  readonly resource: string;
  /** The path without the stage, percent-encoded as sent. */
  readonly path: string;
  /** `null` if the resource has none. */
  readonly pathParameters: Readonly<Record<string, string>> | null;
  readonly binaryMediaTypes: readonly string[];
  readonly requestId: string;
}

/** The event of a Lambda proxy integration of a REST API. It has the same `null` members as in AWS. */
export function restEvent(request: FrontRequest, source: RestEventSource): Record<string, unknown> {
  const { domainName, stage, resource, path, pathParameters, binaryMediaTypes, requestId } = source;
  const apiId = domainName.split('.')[0];
  const headers = forwardedHeaders(request, domainName).filter(([name, value]) => !isSignature(name, value));
  const query = [...new URLSearchParams(request.query)];
  const { body = null, isBase64Encoded } = encodeBodyV1(
    request.body,
    lastHeader(request, 'content-type'),
    binaryMediaTypes,
  );
  return {
    resource,
    path,
    httpMethod: request.method,
    headers: Object.fromEntries(headers),
    multiValueHeaders: collectValues(headers),
    queryStringParameters: query.length > 0 ? Object.fromEntries(query) : null,
    multiValueQueryStringParameters: query.length > 0 ? collectValues(query) : null,
    pathParameters,
    stageVariables: null,
    requestContext: {
      accountId: '123456789012',
      apiId,
      domainName,
      domainPrefix: apiId,
      extendedRequestId: requestId,
      httpMethod: request.method,
      identity: {
        accessKey: null,
        accountId: null,
        caller: null,
        cognitoAuthenticationProvider: null,
        cognitoAuthenticationType: null,
        cognitoIdentityId: null,
        cognitoIdentityPoolId: null,
        principalOrgId: null,
        user: null,
        userArn: null,
        sourceIp: request.sourceIp,
        userAgent: lastHeader(request, 'user-agent') ?? null,
      },
      path: `/${stage}${path}`,
      protocol: request.protocol,
      requestId,
      requestTime: formatRequestTime(request.receivedAt),
      requestTimeEpoch: request.receivedAt.getTime(),
      resourceId: 'local1',
      resourcePath: resource,
      stage,
    },
    body,
    isBase64Encoded,
  };
}

function isSignature(name: string, value: string): boolean {
  return name.toLowerCase() === 'authorization' && value.startsWith('AWS4-HMAC-SHA256');
}

function collectValues(pairs: readonly (readonly [string, string])[]): Record<string, string[]> {
  const collected = new Map<string, string[]>();
  for (const [name, value] of pairs) {
    const values = collected.get(name);
    if (values === undefined) collected.set(name, [value]);
    else values.push(value);
  }
  return Object.fromEntries(collected);
}
