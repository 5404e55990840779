import { EventEmitter } from 'node:events';
import { allowAnonymous, createProxy, type ModelInvoker, type RequestRecord } from '@bedrock-proxy/core';
import { nativeDialect } from '@bedrock-proxy/core/dialects';
import { FakeInvoker } from '@bedrock-proxy/testing';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createFunctionUrlHandler } from './create-function-url-handler.js';
import type { LambdaRuntime } from './lambda-runtime.js';
import type { ResponseHead, ResponseStream } from './response-stream.js';

// Loaded before the tests, because an import cannot finish with fake timers.
beforeAll(async () => {
  const route = nativeDialect().route({ method: 'POST', path: '/', query: '', headers: {} });
  if (route?.kind === 'model') await route.load();
});
afterEach(() => void vi.useRealTimers());

class Reader extends EventEmitter implements ResponseStream {
  head: ResponseHead | undefined;
  text = '';
  ends = 0;
  takes = true;
  get writableNeedDrain() {
    return !this.takes;
  }
  write(piece: string | Uint8Array): boolean {
    this.text += Buffer.from(piece).toString();
    return this.takes;
  }
  end(): void {
    this.ends++;
  }
}

const runtime: LambdaRuntime = {
  streamify: (handler) => handler,
  withHead(stream, head) {
    (stream as Reader).head = head;
    return stream;
  },
};

const context = { awsRequestId: 'r-1', getRemainingTimeInMillis: () => 900_000 };
const event = {
  ...{ version: '2.0', rawPath: '/chat', headers: {}, isBase64Encoded: false },
  ...{ body: '{"modelId":"anthropic.claude-v2","stream":true}', requestContext: { http: { method: 'POST' } } },
};

function handling(invoker: ModelInvoker, over: Partial<LambdaRuntime> = {}) {
  const reader = new Reader();
  const records: RequestRecord[] = [];
  const logger = { info() {}, warn() {}, error() {} };
  const onRequestEnd = (record: RequestRecord) => void records.push(record);
  const proxy = createProxy({ invoker, access: allowAnonymous(), logger, onRequestEnd });
  const handler = createFunctionUrlHandler(proxy, { runtime: { ...runtime, ...over } });
  return { reader, records, handle: (sent: unknown = event) => handler(sent, reader, context) };
}

describe('createFunctionUrlHandler', () => {
  it.each<[string, unknown[]]>([
    ['the context in place of the stream', [event, context]],
    ['the context and a callback', [event, context, () => {}]],
    ['a stream and no context', [event, new Reader()]],
    ['the event alone', [event]],
  ])('states the cause if a wrapper that lost the streaming mark calls it with %s', async (_name, sent) => {
    const invoker = new FakeInvoker();
    const proxy = createProxy({ invoker, access: allowAnonymous() });
    const handler = createFunctionUrlHandler(proxy, { runtime });
    await expect(Reflect.apply(handler, undefined, sent)).rejects.toThrow(
      /^This handler streams, but .* lost its streaming mark\. Remove the wrapper, or mark its result with awslambda\.streamifyResponse\.$/,
    );
    expect(invoker.calls).toEqual([]);
  });

  it('streams an answer, ends the stream once and reports the request', async () => {
    const { reader, records, handle } = handling(new FakeInvoker().replyText('Hel', 'lo'));
    await handle();
    expect(reader.head).toMatchObject({ statusCode: 200, headers: { 'x-request-id': 'r-1' } });
    expect(reader.text).toBe('data: {"content":"Hel"}\n\ndata: {"content":"lo"}\n\ndata: [DONE]\n\n');
    expect(reader.ends).toBe(1);
    expect(records).toMatchObject([{ front: 'function-url', terminal: 'done', bytesOut: reader.text.length }]);
  });

  it('writes one byte for a preflight', async () => {
    const { reader, handle } = handling(new FakeInvoker());
    await handle({ ...event, requestContext: { http: { method: 'OPTIONS' } } });
    expect(reader).toMatchObject({ head: { statusCode: 204 }, text: '\n', ends: 1 });
  });

  it.each([null, 'text', {}, { Records: [] }, { ...event, version: '1.0' }])(
    'answers an unsupported event with 500: %j',
    async (sent) => {
      const { reader, records, handle } = handling(new FakeInvoker());
      await handle(sent);
      expect(reader.head?.statusCode).toBe(500);
      expect(JSON.parse(reader.text)).toHaveProperty('error.code', 'internal');
      expect(records).toMatchObject([{ front: 'function-url', requestId: 'r-1', status: 500 }]);
    },
  );

  it('reads a header named constructor like any other header', async () => {
    const { reader, handle } = handling(new FakeInvoker().replyText('a'));
    await handle({ ...event, headers: JSON.parse('{"constructor":"x","__proto__":"y"}') });
    expect(reader.head?.statusCode).toBe(200);
  });

  it.each([undefined, null, 'broken', Object.create(null), { code: 'throttled' }])(
    'does not reject if the model host throws %s',
    async (thrown) => {
      const fail = () => {
        throw thrown;
      };
      const { reader, records, handle } = handling({ invoke: fail, stream: fail });
      await expect(handle()).resolves.toBeUndefined();
      expect(reader).toMatchObject({ head: { statusCode: 500 }, ends: 1 });
      expect(records).toMatchObject([{ code: 'internal', terminal: 'error' }]);
    },
  );

  it('does not reject if the proxy throws', async () => {
    const { reader } = handling(new FakeInvoker());
    const proxy = createProxy({ invoker: new FakeInvoker(), access: allowAnonymous(), logger: console });
    const broken = { ...proxy, logger: { info() {}, warn() {}, error() {} }, open: () => Promise.reject() };
    await createFunctionUrlHandler(broken, { runtime })(event, reader, context);
    expect(reader).toMatchObject({ head: { statusCode: 500 }, ends: 1 });
  });

  it.each(['close', 'error'])('aborts the model call within 250 ms after its stream emits %s', async (emitted) => {
    const fake = new FakeInvoker().reply((answer) => answer.text('a').hang());
    const { reader, records, handle } = handling(fake);
    const handled = handle();
    await vi.waitUntil(() => reader.text !== '');
    reader.emit(emitted, new Error('reset'));
    const began = performance.now();
    await handled;
    expect(performance.now() - began).toBeLessThan(250);
    expect(records).toMatchObject([{ status: 200, code: 'client_closed', terminal: 'none' }]);
    expect(reader.listenerCount('error')).toBe(1);
    expect(reader.listenerCount('close')).toBe(0);
  });

  it('ends the answer if the client never drains the stream', async () => {
    vi.useFakeTimers();
    const { reader, records, handle } = handling(new FakeInvoker().replyText('a', 'b'));
    reader.takes = false;
    const handled = handle();
    await vi.advanceTimersByTimeAsync(300_000);
    await handled;
    expect(records).toMatchObject([{ status: 200, code: 'client_stalled', terminal: 'none' }]);
    expect(reader.ends).toBe(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('rejects outside Lambda and leaves no call open', async () => {
    vi.useFakeTimers();
    const withHead = () => {
      throw new Error('awslambda is missing');
    };
    const { records, handle } = handling(new FakeInvoker().replyText('a'), { withHead });
    await expect(handle()).rejects.toThrow('awslambda is missing');
    expect(records).toMatchObject([{ bytesOut: 0 }]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
