import { describe, expect, it } from 'vitest';
import { isHttpApiEvent, readHttpApiRequest } from './read-http-api-request.js';

const { signal } = new AbortController();
const context = { awsRequestId: 'r-1', getRemainingTimeInMillis: () => 60_000 };
const invocation = { context, signal, remainingMs: 29_000 };
const http = { method: 'POST', path: '/prod/chat', sourceIp: '192.0.2.1' };
const at = (rawPath: string, stage?: string) => ({
  ...{ version: '2.0', rawPath, headers: { 'x-a': 'b' }, body: '{}', isBase64Encoded: false },
  requestContext: {
    http,
    domainName: 'abc.execute-api.eu-west-1.amazonaws.com',
    ...(stage !== undefined && { stage }),
  },
});

describe('readHttpApiRequest', () => {
  it('reads all fields of an event', () => {
    expect(readHttpApiRequest(at('/prod/chat', 'prod'), invocation)).toEqual({
      ...{ front: 'http-api', requestId: 'r-1', method: 'POST', path: '/chat', sourceIp: '192.0.2.1' },
      ...{ headers: { 'x-a': ['b'] }, body: '{}', isBase64Encoded: false, signal, remainingMs: 29_000 },
    });
  });

  it('accepts missing fields and null', () => {
    const bare = { version: '2.0', rawPath: '/', requestContext: { http: { method: 'GET' } } };
    const expected = {
      ...{ front: 'http-api', requestId: 'r-1', method: 'GET', path: '/', headers: {}, isBase64Encoded: false },
      ...{ signal, remainingMs: 29_000 },
    };
    expect(readHttpApiRequest(bare, invocation)).toEqual(expected);
    const requestContext = { http: { method: 'GET', sourceIp: null } };
    expect(readHttpApiRequest({ ...bare, headers: null, body: null, requestContext }, invocation)).toEqual(expected);
  });

  it.each([
    ['/prod/chat', 'prod', '/chat'],
    ['/prod', 'prod', '/'],
    ['/prod/', 'prod', '/'],
    ['/production/chat', 'prod', '/production/chat'],
    ['/chat', 'prod', '/chat'],
    ['/chat/prod', 'prod', '/chat/prod'],
    ['/prod/prod/x', 'prod', '/prod/x'],
    ['/chat', '$default', '/chat'],
    ['/$default/chat', '$default', '/$default/chat'],
    ['/chat', undefined, '/chat'],
  ])('reads %s in the stage %s as the path %s', (rawPath, stage, path) => {
    expect(readHttpApiRequest(at(rawPath, stage), invocation).path).toBe(path);
  });
});

it('isHttpApiEvent refuses events of other senders', () => {
  expect(isHttpApiEvent(at('/'))).toBe(true);
  expect(isHttpApiEvent({ ...at('/'), version: '1.0' })).toBe(false);
  expect(isHttpApiEvent({ ...at('/'), requestContext: { http, domainName: 'a.lambda-url.eu-west-1.on.aws' } })).toBe(
    false,
  );
});

it('isHttpApiEvent accepts an event that a Function URL could also have sent', () => {
  expect(isHttpApiEvent({ version: '2.0', rawPath: '/', requestContext: { http } })).toBe(true);
});
