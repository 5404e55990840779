import { encodeBodyV2 } from './event-body.js';
import { forwardedHeaders } from './forwarded-headers.js';
import { type FrontRequest, formatRequestTime, lastHeader } from './front-request.js';

/** The values that depend on the gateway. */
export interface PayloadV2Source {
  readonly domainName: string;
  readonly routeKey: string;
  readonly stage: string;
  /** Encoded for a Function URL, decoded for an HTTP API. */
  readonly rawPath: string;
  readonly requestId: string;
}

/**
 * The event of a Function URL or an HTTP API. Members that AWS sets to null or sometimes omits are always omitted here.
 */
export function payloadV2Event(request: FrontRequest, source: PayloadV2Source): Record<string, unknown> {
  const { domainName, routeKey, stage, rawPath, requestId } = source;
  const apiId = domainName.split('.')[0];
  const headers = forwardedHeaders(request, domainName);
  const cookies = headers
    .filter(([name]) => name.toLowerCase() === 'cookie')
    .flatMap(([, value]) => value.split(/;\s*/));
  const query = joinValues([...new URLSearchParams(request.query)]);
  return {
    version: '2.0',
    routeKey,
    rawPath,
    rawQueryString: request.query,
    ...(cookies.length > 0 ? { cookies } : {}),
    headers: joinValues(
      headers.map(([name, value]) => [name.toLowerCase(), value] as const).filter(([name]) => name !== 'cookie'),
    ),
    ...(request.query === '' ? {} : { queryStringParameters: query }),
    requestContext: {
      accountId: '123456789012',
      apiId,
      domainName,
      domainPrefix: apiId,
      http: {
        method: request.method,
        path: rawPath,
        protocol: request.protocol,
        sourceIp: request.sourceIp,
        userAgent: lastHeader(request, 'user-agent') ?? '',
      },
      requestId,
      routeKey,
      stage,
      time: formatRequestTime(request.receivedAt),
      timeEpoch: request.receivedAt.getTime(),
    },
    ...encodeBodyV2(request.body, lastHeader(request, 'content-type')),
  };
}

function joinValues(pairs: readonly (readonly [string, string])[]): Record<string, string> {
  const joined = new Map<string, string>();
  for (const [name, value] of pairs) {
    const before = joined.get(name);
    joined.set(name, before === undefined ? value : `${before},${value}`);
  }
  return Object.fromEntries(joined);
}
