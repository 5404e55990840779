import {
  allowAnonymous,
  createProxy,
  type ModelInvoker,
  ProxyError,
  type ProxyOptions,
  type RequestRecord,
} from '@bedrock-proxy/core';
import { clientSignal } from '@bedrock-proxy/lambda-adapter';
import { FakeInvoker } from '@bedrock-proxy/testing';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type ApiGatewayHandlerOptions, createApiGatewayHandler } from './create-api-gateway-handler.js';

// Loaded before the tests, because an import cannot finish with fake timers.
beforeAll(async () => {
  await handling(new FakeInvoker().failWith('throttled')).handler(rest, contextOf());
});
afterEach(() => void vi.useRealTimers());

const limit = 6_000_000;
const body = '{"modelId":"anthropic.claude-v2","stream":true}';
const rest = { httpMethod: 'POST', resource: '/chat', path: '/chat', headers: {}, body, requestContext: {} };
const http = {
  ...{ version: '2.0', rawPath: '/prod/chat', headers: {}, body },
  requestContext: { stage: 'prod', domainName: 'a.execute-api.eu-west-1.amazonaws.com', http: { method: 'POST' } },
};
const contextOf = (remainingMs = 60_000) => ({ awsRequestId: 'r-1', getRemainingTimeInMillis: () => remainingMs });

interface Scene extends ApiGatewayHandlerOptions, Partial<Pick<ProxyOptions, 'onRequestEnd'>> {}

function handling(invoker: ModelInvoker, { onRequestEnd, ...options }: Scene = {}) {
  const records: RequestRecord[] = [];
  const logger = { info() {}, warn: vi.fn(), error() {} };
  const proxy = createProxy({
    ...{ invoker, access: allowAnonymous(), logger, limits: { deadlineMarginMs: 1_000 } },
    onRequestEnd: onRequestEnd ?? ((record) => void records.push(record)),
  });
  return { handler: createApiGatewayHandler(proxy, options), records, logger };
}

describe('createApiGatewayHandler', () => {
  it.each([
    ['rest-api', rest],
    ['http-api', http],
    ['http-api', { ...rest, version: '1.0' }],
  ])('answers a stream in one piece and reports the request: %s', async (front, event) => {
    const { handler, records } = handling(new FakeInvoker().replyText('Hel', 'lo'));
    const text = '[{"content":"Hel"},{"content":"lo"},{"done":true}]';
    expect(await handler(event, contextOf())).toEqual({
      ...{ statusCode: 200, body: text, isBase64Encoded: false },
      headers: expect.objectContaining({ 'content-type': 'application/json', 'x-request-id': 'r-1' }),
    });
    expect(records).toMatchObject([{ front, terminal: 'done', bytesOut: text.length }]);
  });

  it.each([
    ['null', null],
    [
      'a Function URL',
      { ...http, requestContext: { domainName: 'a.lambda-url.eu-west-1.on.aws', http: { method: 'POST' } } },
    ],
    ['an integration without Lambda proxy integration', { modelId: 'a.b' }],
    ['a queue', { Records: [] }],
  ])('answers an unsupported event with 500: %s', async (_name, event) => {
    const { handler, records } = handling(new FakeInvoker());
    const result = await handler(event, contextOf());
    expect(result.statusCode).toBe(500);
    expect(JSON.parse(result.body).error.message).toMatch(/^This handler serves API Gateway REST and HTTP APIs, but /);
    expect(records).toMatchObject([{ front: 'api-gateway', status: 500, code: 'internal', requestId: 'r-1' }]);
  });

  it.each([
    ['a response stream in place of the context', { write() {}, end() {} }],
    ['no context', undefined],
  ])('states the cause if a wrapper calls it with %s', async (_name, second) => {
    const { handler } = handling(new FakeInvoker());
    await expect(Reflect.apply(handler, undefined, [rest, second])).rejects.toThrow(
      /^This handler does not stream, but .* a layer or a wrapper around it marked it as streaming/,
    );
  });

  it.each([undefined, null, 'broken', Object.create(null)])(
    'does not reject if the model host throws %s',
    async (thrown) => {
      const fail = () => {
        throw thrown;
      };
      const { handler } = handling({ invoke: fail, stream: fail });
      expect(await handler(rest, contextOf())).toMatchObject({ statusCode: 500 });
    },
  );

  it('aborts the model call if a local runtime reports that the client disconnected', async () => {
    const client = new AbortController();
    const { handler, records } = handling(new FakeInvoker().hang());
    const handled = handler(rest, { ...contextOf(), [clientSignal]: client.signal });
    client.abort();
    await handled;
    expect(records).toMatchObject([{ status: 499, code: 'client_closed' }]);
  });
});

describe('the time of createApiGatewayHandler', () => {
  it.each([
    ['the gateway times out first', {}, 300_000, 28_000],
    ['the gateway allows more time', { gatewayTimeoutMs: 120_000 }, 300_000, 119_000],
    ['the invocation ends first', {}, 10_000, 9_000],
  ])('ends early by the margin if %s', async (_name, options, remainingMs, expected) => {
    vi.useFakeTimers();
    const { handler } = handling(new FakeInvoker().hang(), options);
    const settled = vi.fn();
    void handler(rest, contextOf(remainingMs)).then(settled);
    await vi.advanceTimersByTimeAsync(expected - 1);
    expect(settled).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(settled).toHaveBeenCalledWith(expect.objectContaining({ statusCode: 504 }));
  });

  it('is extended by a slow observer for at most 250 ms', async () => {
    vi.useFakeTimers();
    const { handler, logger } = handling(new FakeInvoker().replyText('a'), {
      onRequestEnd: () => new Promise(() => {}),
    });
    const settled = vi.fn();
    void handler(rest, contextOf()).then(settled);
    await vi.advanceTimersByTimeAsync(249);
    expect(settled).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(settled).toHaveBeenCalledWith(expect.objectContaining({ statusCode: 200 }));
    expect(logger.warn).toHaveBeenCalledWith(expect.objectContaining({ event: 'observer.slow' }), expect.any(String));
  });

  it('causes one warning if invocations start with less than 15 s', async () => {
    const { handler, logger } = handling(new FakeInvoker().replyText('a').replyText('a'));
    await handler(rest, contextOf(3_000));
    await handler(rest, contextOf(3_000));
    expect(logger.warn).toHaveBeenCalledExactlyOnceWith(
      { event: 'invocation.short', remainingMs: 3_000 },
      expect.any(String),
    );
  });
});

describe('a serialized result', () => {
  it.each([
    ['plain text', 'a'.repeat(100_000)],
    ['quotes, which are escaped twice', '"'.repeat(40_000)],
    ['control characters', '\u0001'.repeat(20_000)],
    ['characters of four bytes', '😀'.repeat(30_000)],
    ['separators, which are escaped', '\u2028'.repeat(20_000)],
  ])('has at most 6,000,000 bytes, and nearly as many: %s', async (_name, text) => {
    const model = new FakeInvoker().reply((answer) => answer.text(...Array<string>(1_000).fill(text)));
    const { handler, records } = handling(model);
    const result = await handler(rest, contextOf());
    const bytes = Buffer.byteLength(JSON.stringify(result));
    expect(bytes).toBeLessThanOrEqual(limit);
    expect(bytes).toBeGreaterThan(limit - 300_000);
    const items = JSON.parse(result.body);
    expect(items.at(-1)).toHaveProperty('error.code', 'response_too_large');
    expect(items.slice(0, -1).every(({ content }: { content: string }) => content === text)).toBe(true);
    expect(result.statusCode).toBe(502);
    expect(records).toMatchObject([{ code: 'response_too_large', terminal: 'error' }]);
    expect(model.calls[0]?.signal.aborted).toBe(true);
  });

  it.each([
    ['just fits', 'a'.repeat(5_990_000), 200],
    ['does not fit', 'a'.repeat(6_000_000), 502],
    ['would fit only without escapes', '"'.repeat(3_500_000), 502],
  ])('is measured as it is sent if a whole answer %s', async (_name, text, status) => {
    const { handler } = handling(new FakeInvoker().replyBody(text, { contentType: 'text/plain' }));
    const result = await handler({ ...rest, body: '{"modelId":"a.b"}' }, contextOf());
    expect(result.statusCode).toBe(status);
    expect(Buffer.byteLength(JSON.stringify(result))).toBeLessThanOrEqual(limit);
  });

  it.each([
    ['text that is escaped', '"'],
    ['bytes that are not text', Buffer.of(0xff)],
  ])('of a whole answer may have up to 6,000,000 bytes: %s', async (_name, unit) => {
    const sizeOf = async (length: number) => {
      const body = Buffer.alloc(length, unit);
      const model = new FakeInvoker().replyBody(body, { contentType: 'x' });
      const result = await handling(model).handler({ ...rest, body: '{"modelId":"a.b"}' }, contextOf());
      return { status: result.statusCode, bytes: Buffer.byteLength(JSON.stringify(result)) };
    };
    const { bytes: head } = await sizeOf(0);
    const perUnit = unit === '"' ? 2 : 4 / 3;
    const longest = Math.floor((limit - head) / perUnit / 3) * 3;
    const { status, bytes } = await sizeOf(longest);
    expect(status).toBe(200);
    expect(bytes).toBeGreaterThan(limit - 10);
    expect(await sizeOf(longest + 6)).toMatchObject({ status: 502 });
  });

  it('has room for an error with a long message', async () => {
    const words = '\u0001"'.repeat(50_000);
    const model = new FakeInvoker().reply((answer) =>
      answer.text('a'.repeat(5_985_000)).failWith('upstream_validation', { message: words }),
    );
    const { handler } = handling(model);
    const result = await handler(rest, contextOf());
    expect(Buffer.byteLength(JSON.stringify(result))).toBeLessThanOrEqual(limit);
    expect(JSON.parse(result.body).at(-1).error).toMatchObject({
      ...{ code: 'upstream_validation', message: new ProxyError('upstream_validation').message },
    });
  });
});
