import { describe, expect, it } from 'vitest';
import { type EventKind, eventKind, unsupportedEvent } from './event-kind.js';

const http = { method: 'POST', path: '/x', sourceIp: '192.0.2.1' };
const v2 = (requestContext: object) => ({ version: '2.0', rawPath: '/x', requestContext: { http, ...requestContext } });
const host = 'abc123.lambda-url.eu-west-1.on.aws';

const events: readonly (readonly [string, unknown, EventKind])[] = [
  ['a Function URL', v2({ domainName: host, stage: '$default', routeKey: '$default' }), 'function-url'],
  ['a Function URL in China', v2({ domainName: 'a.lambda-url.cn-north-1.on.amazonaws.com.cn' }), 'function-url'],
  ['a minimal test event of a Function URL', v2({}), 'function-url'],
  [
    'an HTTP API',
    v2({ domainName: 'a.execute-api.eu-west-1.amazonaws.com', stage: 'prod', routeKey: 'POST /x' }),
    'http-api',
  ],
  [
    'an HTTP API at its default stage and route',
    v2({ domainName: 'a.execute-api.eu-west-1.amazonaws.com' }),
    'http-api',
  ],
  ['an HTTP API behind a custom domain', v2({ domainName: 'api.example.com', stage: '$default' }), 'http-api'],
  ['an HTTP API with a stage and no domain', v2({ stage: 'prod' }), 'http-api'],
  ['an HTTP API with a route and no domain', v2({ routeKey: 'ANY /{proxy+}' }), 'http-api'],
  ['a domain that only looks like a Function URL', v2({ domainName: 'on.aws.example.com' }), 'http-api'],
  ['a REST API', { resource: '/{proxy+}', httpMethod: 'POST', requestContext: { stage: 'prod' } }, 'rest-api'],
  [
    'an HTTP API in payload format 1.0',
    { version: '1.0', resource: '/x', httpMethod: 'POST', requestContext: {} },
    'http-api',
  ],
  [
    'a load balancer',
    { httpMethod: 'GET', path: '/', headers: {}, requestContext: { elb: { targetGroupArn: 'arn' } } },
    'load-balancer',
  ],
  ['VPC Lattice', { version: '2.0', method: 'GET', requestContext: { serviceNetworkArn: 'arn' } }, 'lattice'],
  [
    'a WebSocket API',
    { requestContext: { connectionId: 'c', eventType: 'CONNECT', domainName: 'a.execute-api.x' } },
    'websocket-api',
  ],
  ['SQS', { Records: [{ eventSource: 'aws:sqs', body: '{}' }] }, 'event-source'],
  ['S3', { Records: [{ eventSource: 'aws:s3', s3: {} }] }, 'event-source'],
  ['EventBridge', { source: 'aws.events', 'detail-type': 'Scheduled Event', detail: {} }, 'event-source'],
  ['a direct invocation', { modelId: 'a.b', messages: [] }, 'other'],
  [
    'an integration without Lambda proxy integration',
    { body: {}, params: {}, 'stage-variables': {}, context: {} },
    'other',
  ],
  ['an event of version 2.0 without HTTP', { version: '2.0', requestContext: {} }, 'other'],
  ['a method without a resource', { httpMethod: 'GET', requestContext: {} }, 'other'],
  ['a resource without a method', { resource: '/', requestContext: {} }, 'other'],
  ['a REST API without a context', { resource: '/', httpMethod: 'GET', requestContext: null }, 'other'],
  ['null', null, 'other'],
  ['undefined', undefined, 'other'],
  ['a string', 'hello', 'other'],
  ['a number', 7, 'other'],
  ['an array', [{}], 'other'],
];

describe('eventKind', () => {
  it.each(events)('recognizes %s by its shape', (_name, event, kind) => {
    expect(eventKind(event)).toBe(kind);
  });

  it('returns payloadV2 for an event that a Function URL or an HTTP API could have sent', () => {
    expect(eventKind(v2({}), 'http-api')).toBe('http-api');
    expect(eventKind(v2({ stage: null, routeKey: null, domainName: null }), 'http-api')).toBe('http-api');
    expect(eventKind(v2({ stage: null, routeKey: null, domainName: null }))).toBe('function-url');
    expect(eventKind(v2({ domainName: host }), 'http-api')).toBe('function-url');
  });
});

describe('unsupportedEvent', () => {
  const handlers: Readonly<Record<EventKind, RegExp>> = {
    'function-url': /createFunctionUrlHandler of @bedrock-proxy\/lambda-adapter \(function-url\.zip\)/,
    'http-api': /createApiGatewayHandler of @bedrock-proxy\/apigw-adapter \(api-gateway\.zip\)/,
    'rest-api': /createApiGatewayHandler .*createApiGatewayStreamHandler \(api-gateway-stream\.zip\)/,
    'websocket-api': /Put a Function URL or an API Gateway REST or HTTP API in front/,
    'load-balancer': /Put a Function URL or an API Gateway REST or HTTP API in front/,
    lattice: /Put a Function URL or an API Gateway REST or HTTP API in front/,
    'event-source': /streamModel or invokeModel of @bedrock-proxy\/core in a handler of your own/,
    other: /turn on Lambda proxy integration\. .*invokeModel of @bedrock-proxy\/core/,
  };

  it.each(Object.entries(handlers) as [EventKind, RegExp][])('states how to serve %s', (kind, wanted) => {
    const error = unsupportedEvent(kind, 'Lambda Function URLs');
    expect(error.code).toBe('internal');
    expect(error.message).toMatch(/^This handler serves Lambda Function URLs, but the event came from /);
    expect(error.message).toMatch(wanted);
  });

  it('names the sender of each kind', () => {
    const kinds = Object.keys(handlers) as EventKind[];
    const named = kinds.map((kind) => /came from (.+?)\. /.exec(unsupportedEvent(kind, 'x').message)?.[1]);
    expect(named).toEqual([
      ...[
        'a Lambda Function URL',
        'an API Gateway HTTP API',
        'an API Gateway REST API',
        'an API Gateway WebSocket API',
      ],
      ...['an Application Load Balancer', 'VPC Lattice', 'a queue, a stream or another event source'],
      'neither a Function URL nor an API Gateway proxy integration',
    ]);
  });
});
