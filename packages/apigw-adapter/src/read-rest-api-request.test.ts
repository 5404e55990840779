import { describe, expect, it } from 'vitest';
import { isRestApiEvent, readRestApiRequest } from './read-rest-api-request.js';
import type { RestApiEvent } from './rest-api-event.js';

const { signal } = new AbortController();
const context = { awsRequestId: 'r-1', getRemainingTimeInMillis: () => 60_000 };
const invocation = { context, signal, remainingMs: 29_000 };
const event: RestApiEvent = {
  ...{ httpMethod: 'POST', resource: '/{proxy+}', path: '/base/chat', pathParameters: { proxy: 'chat' } },
  ...{
    headers: { 'X-A': 'last' },
    multiValueHeaders: { 'X-A': ['first', 'last'] },
    body: 'e30=',
    isBase64Encoded: true,
  },
  requestContext: { identity: { sourceIp: '192.0.2.1' } },
};
const read = (change: object = {}) => readRestApiRequest({ ...event, ...change }, 'rest-api', invocation);

describe('readRestApiRequest', () => {
  it('reads all fields of an event', () => {
    expect(read()).toEqual({
      ...{ front: 'rest-api', requestId: 'r-1', method: 'POST', path: '/chat', sourceIp: '192.0.2.1' },
      ...{ headers: { 'x-a': ['first', 'last'] }, body: 'e30=', isBase64Encoded: true, signal, remainingMs: 29_000 },
    });
  });

  it('reads the trace of the invocation', () => {
    const xRayTraceId = 'Root=1-a;Sampled=1';
    const traced = { ...invocation, context: { ...context, xRayTraceId } };
    expect(readRestApiRequest(event, 'rest-api', traced)).toHaveProperty('traceId', xRayTraceId);
  });

  it('accepts missing fields and null', () => {
    const bare = { httpMethod: 'GET', resource: '/', path: '/', requestContext: {} };
    const expected = {
      ...{ front: 'rest-api', requestId: 'r-1', method: 'GET', path: '/', headers: {}, isBase64Encoded: false },
      ...{ signal, remainingMs: 29_000 },
    };
    expect(readRestApiRequest(bare, 'rest-api', invocation)).toEqual(expected);
    const nothing = { pathParameters: null, headers: null, multiValueHeaders: null, body: null };
    for (const requestContext of [{ identity: null }, { identity: { sourceIp: null } }]) {
      expect(readRestApiRequest({ ...bare, ...nothing, requestContext }, 'rest-api', invocation)).toEqual(expected);
    }
  });

  it.each([
    ['/', null, '/'],
    ['/chat', null, '/chat'],
    ['/{proxy+}', { proxy: 'a/b/c' }, '/a/b/c'],
    ['/ai/{proxy+}', { proxy: 'v1/x' }, '/ai/v1/x'],
    ['/{team}/chat/{id}', { team: 'red', id: '7' }, '/red/chat/7'],
    ['/{proxy+}', { proxy: '$& {proxy+}' }, '/$& {proxy+}'],
    ['/{proxy+}', null, '/{proxy+}'],
    ['/{proxy+}', {}, '/{proxy+}'],
  ])('reads the resource %s with %j as the path %s, without the base path', (resource, pathParameters, path) => {
    expect(read({ resource, pathParameters, path: `/base${path}` }).path).toBe(path);
  });

  it.each([
    ['/prod/v1/models', 'prod', '/v1/models'],
    ['/prod', 'prod', '/'],
    ['/production/chat', 'prod', '/production/chat'],
    ['/chat', 'prod', '/chat'],
    ['/prod/chat', '$default', '/prod/chat'],
    ['/prod/chat', null, '/prod/chat'],
  ])('reads %s at the route $default of an HTTP API, in the stage %s, as the path %s', (path, stage, expected) => {
    for (const resource of ['$default', '/$default']) {
      expect(read({ version: '1.0', resource, path, pathParameters: null, requestContext: { stage } }).path).toBe(
        expected,
      );
    }
  });

  it('does not look for the stage in the path of a resource', () => {
    const requestContext = { stage: 'prod' };
    expect(read({ resource: '/prod/{id}', path: '/prod/7', pathParameters: { id: '7' }, requestContext }).path).toBe(
      '/prod/7',
    );
  });

  it.each(['', '$default'])('reads the path of the event if the resource is not a path: %j', (resource) => {
    expect(read({ resource, path: '/chat' }).path).toBe('/chat');
  });

  it('reads all values of a header, or one value if there is no list', () => {
    const twins = { Authorization: ['a'], authorization: ['b', 'c'] };
    expect(read({ multiValueHeaders: twins, headers: null }).headers).toEqual({ authorization: ['a', 'b', 'c'] });
    expect(read({ multiValueHeaders: twins, headers: { AUTHORIZATION: 'c', 'X-B': 'd' } }).headers).toEqual({
      authorization: ['a', 'b', 'c'],
      'x-b': ['d'],
    });
    expect(read({ multiValueHeaders: {} }).headers).toEqual({ 'x-a': ['last'] });
    expect(read({ multiValueHeaders: null }).headers).toEqual({ 'x-a': ['last'] });
    expect(read({ multiValueHeaders: undefined }).headers).toEqual({ 'x-a': ['last'] });
  });

  it('never reads the address of the caller from a header', () => {
    expect(read({ multiValueHeaders: { 'X-Forwarded-For': ['10.0.0.1'] } }).sourceIp).toBe('192.0.2.1');
  });
});

it('isRestApiEvent refuses events of other senders', () => {
  expect(isRestApiEvent(event)).toBe(true);
  expect(isRestApiEvent({ ...event, requestContext: { elb: {} } })).toBe(false);
  expect(isRestApiEvent({ ...event, version: '1.0' })).toBe(false);
});
