import { startBedrockEmulator } from '@bedrock-proxy/testing/emulator';
import type { LambdaSandbox } from '@bedrock-proxy/testing/lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundles, startBundle } from './bundles.ts';
import { invokeBundle } from './invoke-bundle.ts';
import { body, httpApiEvent, restApiEvent } from './lambda-events.ts';

const token = 'a-token-of-these-routes';
const headers = { authorization: `Bearer ${token}` };

describe.each(['api-gateway', 'api-gateway-stream'] as const)('the bundle %s behind a REST API', (name) => {
  let bedrock: Awaited<ReturnType<typeof startBedrockEmulator>>;
  let sandbox: LambdaSandbox;
  beforeAll(async () => {
    bedrock = await startBedrockEmulator({ paceMs: 0 });
    sandbox = await startBundle(bundles[name], { AWS_ENDPOINT_URL_BEDROCK_RUNTIME: bedrock.url, AUTH_TOKEN: token });
  });
  afterAll(async () => {
    await sandbox.close();
    await bedrock.close();
  });

  const statusOf = async (event: object) => (await invokeBundle(sandbox, event)).statusCode;
  const post = { headers, multiValueHeaders: { authorization: [headers.authorization] } };
  const get = { httpMethod: 'GET', headers: null, multiValueHeaders: null, body: null };

  it.each([
    ['a base path of a custom domain', { path: '/base/v1/chat', pathParameters: { proxy: 'chat' } }, 200],
    ['a base path with a reserved name', { path: '/v1/chat', pathParameters: { proxy: 'chat' } }, 200],
    ['a reserved path behind a base path', { path: '/base/v1/chat', pathParameters: { proxy: 'v1/chat' } }, 404],
    ['a resource without parameters', { resource: '/chat', path: '/base/chat', pathParameters: null }, 200],
    ['a reserved resource', { resource: '/v1', path: '/base/v1', pathParameters: null }, 404],
    ['the root', { resource: '/', path: '/', pathParameters: null }, 200],
    ['the root behind a base path', { resource: '/', path: '/base', pathParameters: null }, 200],
    [
      'a proxy resource under a reserved prefix',
      { resource: '/v1/{proxy+}', path: '/v1/a', pathParameters: { proxy: 'a' } },
      404,
    ],
    ['a parameter', { resource: '/{team}/chat', path: '/model/chat', pathParameters: { team: 'model' } }, 404],
    ['two parameters', { resource: '/{a}/{proxy+}', path: '/b/c/d', pathParameters: { a: 'b', proxy: 'c/d' } }, 200],
    ['no parameters', { resource: '/{proxy+}', path: '/chat', pathParameters: null }, 200],
  ])('derives the path from the resource: %s', async (_, route, status) => {
    expect(await statusOf(restApiEvent({ ...post, ...route }))).toBe(status);
  });

  it.each([
    [{ resource: '/{proxy+}', path: '/base/health', pathParameters: { proxy: 'health' } }],
    [{ resource: '/health', path: '/base/health', pathParameters: null }],
  ])('answers a health check at %j', async (route) => {
    const { statusCode, body: text } = await invokeBundle(sandbox, restApiEvent({ ...get, ...route }));
    expect({ statusCode, text }).toEqual({ statusCode: 200, text: '{"status":"ok"}' });
  });

  it.each([
    ['multiValueHeaders alone', { headers: null, multiValueHeaders: { AUTHORIZATION: [headers.authorization] } }, 200],
    ['headers alone', { headers: { Authorization: headers.authorization }, multiValueHeaders: null }, 200],
    ['two values', { headers, multiValueHeaders: { Authorization: ['Bearer a', headers.authorization] } }, 400],
    [
      'two spellings of one name',
      { headers: { authorization: 'Bearer a', Authorization: headers.authorization }, multiValueHeaders: null },
      400,
    ],
    ['null members', { headers: null, multiValueHeaders: null }, 401],
    ['undefined members', { headers: undefined, multiValueHeaders: undefined }, 401],
  ])('reads headers from %s', async (_, given, status) => {
    expect(await statusOf(restApiEvent(given))).toBe(status);
  });

  it.each([
    ['base64', Buffer.from(body).toString('base64'), true, 200],
    ['base64 without padding', Buffer.from(`${body} `).toString('base64').replace(/=+$/, ''), true, 200],
    ['invalid base64', body, true, 400],
    ['null', null, false, 400],
  ])('reads a body of %s', async (_, given, isBase64Encoded, status) => {
    expect(await statusOf(restApiEvent({ ...post, body: given, isBase64Encoded }))).toBe(status);
  });
});

describe('the bundle api-gateway behind an HTTP API', () => {
  let sandbox: LambdaSandbox;
  beforeAll(async () => {
    sandbox = await startBundle(bundles['api-gateway'], { AUTH_TOKEN: token });
  });
  afterAll(() => sandbox.close());

  it.each([
    ['/chat', '$default', 401],
    ['/v1/chat', '$default', 404],
    ['/prod/chat', 'prod', 401],
    ['/prod/v1/chat', 'prod', 404],
    ['/prod', 'prod', 401],
    ['/v1/chat', 'v1', 401],
    ['/v1/v1/chat', 'v1', 404],
    ['/production/v1', 'prod', 401],
  ])('removes the stage from %s in stage %s, in both payload formats', async (path, stage, status) => {
    expect((await invokeBundle(sandbox, httpApiEvent(path, stage))).statusCode).toBe(status);
    const requestContext = { stage, resourcePath: '$default', identity: { sourceIp: '192.0.2.1' } };
    const members = { version: '1.0', resource: '$default', path, pathParameters: null, requestContext };
    expect((await invokeBundle(sandbox, restApiEvent(members))).statusCode).toBe(status);
  });
});
