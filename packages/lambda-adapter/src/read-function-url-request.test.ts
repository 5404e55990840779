import { afterEach, describe, expect, it, vi } from 'vitest';
import { readFunctionUrlRequest } from './create-function-url-handler.js';

const { signal } = new AbortController();
const context = { awsRequestId: 'r-1', getRemainingTimeInMillis: () => 30_000 };
const http = { method: 'POST', path: '/a%2Fb', sourceIp: '192.0.2.1' };
const requestContext = {
  http,
  domainName: 'abc.lambda-url.eu-west-1.on.aws',
  stage: '$default',
  requestId: 'gateway-1',
};
const read = (event: object) => readFunctionUrlRequest(event, context, signal);
afterEach(() => void vi.unstubAllEnvs());

describe('readFunctionUrlRequest', () => {
  it('reads all fields of an event', () => {
    const headers = { 'content-type': 'application/json', authorization: 'Bearer t' };
    const event = { version: '2.0', rawPath: '/a%2Fb', headers, body: 'e30=', isBase64Encoded: true, requestContext };
    expect(read(event)).toEqual({
      ...{ front: 'function-url', requestId: 'r-1', method: 'POST', path: '/a%2Fb', sourceIp: '192.0.2.1' },
      headers: { 'content-type': ['application/json'], authorization: ['Bearer t'] },
      ...{ body: 'e30=', isBase64Encoded: true, signal, remainingMs: 30_000 },
    });
  });

  it('reads the trace of the invocation, and never one that a client sent', () => {
    const headers = { 'x-amzn-trace-id': 'Root=1-client', traceparent: '00-0af7651916cd43dd8448eb211c80319c-01-01' };
    const event = { version: '2.0', rawPath: '/', headers, requestContext };
    const traceOf = (xRayTraceId?: string) =>
      readFunctionUrlRequest(event, { ...context, xRayTraceId }, signal).traceId;
    expect(traceOf()).toBeUndefined();
    vi.stubEnv('_X_AMZN_TRACE_ID', 'Root=1-process;Sampled=1');
    expect(traceOf()).toBe('Root=1-process;Sampled=1');
    expect(traceOf('Root=1-invocation')).toBe('Root=1-invocation');
  });

  it('accepts missing fields and null', () => {
    const bare = { front: 'function-url', requestId: 'r-1', method: 'GET', path: '/', headers: {} };
    const expected = { ...bare, isBase64Encoded: false, signal, remainingMs: 30_000 };
    const at = { version: '2.0', rawPath: '/' };
    expect(read({ ...at, requestContext: { http: { method: 'GET' } } })).toEqual(expected);
    const nothing = { headers: null, body: null, isBase64Encoded: null };
    expect(read({ ...at, ...nothing, requestContext: { http: { method: 'GET', sourceIp: null } } })).toEqual(expected);
  });

  it('never reads the address of the caller from a header', () => {
    const headers = { 'x-forwarded-for': '10.0.0.1', forwarded: 'for=10.0.0.1', 'x-real-ip': '10.0.0.1' };
    expect(read({ version: '2.0', rawPath: '/', headers, requestContext })).toHaveProperty('sourceIp', '192.0.2.1');
  });

  it.each([null, {}, { ...requestContext }, { version: '2.0', requestContext: { ...requestContext, stage: 'prod' } }])(
    'refuses the event %j',
    (event) => {
      expect(() => readFunctionUrlRequest(event, context, signal)).toThrowError(
        expect.objectContaining({
          code: 'internal',
          message: expect.stringMatching(/^This handler serves Lambda Function URLs,/),
        }),
      );
    },
  );
});
