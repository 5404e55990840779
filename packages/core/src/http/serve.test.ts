import { describe, expect, it, vi } from 'vitest';
import { allowAnonymous } from '../access/allow-anonymous.js';
import { ProxyError } from '../errors/proxy-error.js';
import { inlineInvoker } from '../ports/inline-invoker.test-helper.js';
import type { ModelInvoker } from '../ports/model-invoker.js';
import { createProxy } from '../proxy/create-proxy.js';
import type { HttpAnswer } from './http-answer.js';
import type { HttpRequest } from './http-request.js';
import { serve } from './serve.js';

const delta = (text: string) => ({ type: 'content_block_delta', delta: { type: 'text_delta', text } });
const stop = { type: 'message_stop' };

const streaming = (...steps: readonly unknown[]) => inlineInvoker({ steps });

const logger = { info() {}, warn() {}, error() {} };
const everyAnswer = {
  'x-request-id': 'r-1',
  'access-control-allow-origin': '*',
  'access-control-expose-headers':
    'x-request-id, retry-after, www-authenticate, x-amzn-remapped-www-authenticate, request-id, x-should-retry, x-proxy-dropped, x-proxy-estimate, x-served-model',
};
const errorHeaders = {
  'content-type': 'application/json; charset=utf-8',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
};

async function ask(invoker: ModelInvoker, change: Partial<HttpRequest> = {}) {
  const proxy = createProxy({ invoker, access: allowAnonymous(), logger });
  const answer = await serve(proxy, {
    ...{ front: 'test', requestId: 'r-1', method: 'POST', path: '/chat', headers: {} },
    body: '{"modelId":"a.b","stream":true}',
    signal: new AbortController().signal,
    ...change,
  });
  return { status: answer.status, headers: answer.headers, body: await read(answer) };
}

async function read({ body }: HttpAnswer): Promise<string> {
  if (typeof body === 'string') return body;
  if (body instanceof Uint8Array) return Buffer.from(body).toString('latin1');
  let text = '';
  for await (const piece of body) text += piece;
  return text;
}

describe('a streamed answer', () => {
  it('is one event for each piece of text and one end', async () => {
    expect(await ask(streaming({ type: 'message_start' }, delta('Hel'), delta(''), delta('lo'), stop))).toEqual({
      status: 200,
      headers: {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-cache, no-transform',
        'x-accel-buffering': 'no',
        ...everyAnswer,
      },
      body: 'data: {"content":"Hel"}\n\ndata: {"content":"lo"}\n\ndata: [DONE]\n\n',
    });
  });

  it('is an end alone where the model had nothing to say', async () => {
    expect((await ask(streaming(stop))).body).toBe('data: [DONE]\n\n');
  });

  it('keeps its text and ends in the error where it breaks off, and has no other end', async () => {
    const { status, body } = await ask(streaming(delta('Hel'), new ProxyError('upstream_unavailable')));
    expect(status).toBe(200);
    expect(body).toBe(
      'data: {"content":"Hel"}\n\ndata: {"error":{"code":"upstream_unavailable","message":"Bedrock cannot be reached or is overloaded. Wait, then retry.","requestId":"r-1","retryable":true}}\n\n',
    );
  });

  it('is truncated where no end was marked', async () => {
    expect((await ask(streaming(delta('Hel')))).body).toContain('"code":"upstream_truncated"');
  });

  it.each([undefined, null, 'broken', 7, {}, Object.create(null), Symbol('s')])(
    'ends in an internal error where the model host throws %s in the middle of it',
    async (nonsense) => {
      const throwing = () => {
        throw nonsense;
      };
      const { body } = await ask(streaming(delta('a'), throwing));
      expect(body).toMatch(/^data: {"content":"a"}\n\ndata: {"error":{"code":"internal"[^\n]*\n\n$/);
    },
  );
});

describe('an answer that fails before its first event', () => {
  it('has the status of its error and a plain object', async () => {
    const refusal = new ProxyError('throttled', { meta: { attempts: 1 } });
    expect(await ask(inlineInvoker({ refusal }))).toEqual({
      status: 429,
      headers: { ...errorHeaders, 'retry-after': '1', ...everyAnswer },
      body: '{"error":{"code":"throttled","message":"Bedrock is throttling this model. Wait, then retry.","requestId":"r-1","retryable":true}}',
    });
  });

  it('does so too where the first frame is the failure', async () => {
    expect(await ask(streaming(new ProxyError('upstream_validation')))).toMatchObject({ status: 400 });
    expect(await ask(streaming({ type: 'error', error: { type: 'overloaded_error' } }))).toMatchObject({ status: 503 });
    expect(await ask(streaming())).toMatchObject({ status: 502 });
  });

  it.each([undefined, null, 'broken', {}, Object.create(null)])(
    'is internal where the host throws %s',
    async (nonsense) => {
      const throwing = () => {
        throw nonsense;
      };
      const invoker: ModelInvoker = { invoke: throwing, stream: throwing };
      expect(await ask(invoker)).toMatchObject({ status: 500, body: expect.stringContaining('"code":"internal"') });
      expect(await ask(invoker, { body: '{"modelId":"a.b"}' })).toMatchObject({ status: 500 });
    },
  );

  it('tells what to mend in a request', async () => {
    const { status, body } = await ask(streaming(), {
      body: '{"stream":7}',
      headers: { 'x-amzn-bedrock-guardrailidentifier': ['g'], 'x-amzn-bedrock-trace': ['ENABLED'] },
    });
    expect(status).toBe(400);
    const header = 'Leave this header out: this proxy does not pass it on.';
    expect(JSON.parse(body)).toEqual({
      error: {
        code: 'invalid_request',
        message:
          'Part of the request is missing, duplicated, of the wrong type or not supported. Fix the fields that issues lists.',
        requestId: 'r-1',
        issues: [
          { path: 'x-amzn-bedrock-guardrailidentifier', message: header },
          { path: 'x-amzn-bedrock-trace', message: header },
          { path: 'modelId', message: 'Send the model as a string: a model id, an inference-profile id or an ARN.' },
          { path: 'stream', message: 'Send true or false, or leave it out for false.' },
        ],
      },
    });
  });
});

describe('an answer that is not streamed', () => {
  const body = Buffer.from('{ "b": 1.50, "a": 1e400 }\n\xff\x00', 'latin1');

  it('is the body that the model host gave, byte for byte, under its content type', async () => {
    const invoker = inlineInvoker({ answer: body, contentType: 'application/json; x=y' });
    expect(await ask(invoker, { body: '{"modelId":"a.b"}' })).toEqual({
      status: 200,
      headers: { 'content-type': 'application/json; x=y', ...everyAnswer },
      body: body.toString('latin1'),
    });
  });
});

describe('every answer', () => {
  const proxy = createProxy({ invoker: inlineInvoker({ answer: {} }), access: allowAnonymous(), logger });
  const { signal } = new AbortController();
  const request = { front: 'test', requestId: 'r-1', method: 'POST', path: '/', body: '{"modelId":"a.b"}', signal };

  it('may be read by the pages that are listed, and by no others', async () => {
    const cors = ['https://a.example', 'https://b.example'];
    const allowed = async (origin: string) => {
      const { headers } = await serve(proxy, { ...request, headers: { origin: [origin] } }, { cors });
      return headers['access-control-allow-origin'];
    };
    expect(await allowed('https://b.example')).toBe('https://b.example');
    expect(await allowed('https://c.example')).toBeUndefined();
    const unreadable = { front: 'test', requestId: 'r-1', signal, error: new ProxyError('not_found') };
    const { status, headers } = await serve(proxy, unreadable, { cors });
    expect(status).toBe(404);
    expect(headers).not.toHaveProperty('access-control-allow-origin');
  });

  it('that is complete is written until its client leaves', async () => {
    expect((await serve(proxy, { ...request, headers: {} })).signal).toBe(signal);
  });
});

it('has a deadline, less a margin, only where its front has one', async () => {
  const invoker = inlineInvoker({ answer: {} });
  const request = { body: '{"modelId":"a.b"}' };
  const arrivedAt = performance.now();
  await ask(invoker, request);
  await ask(invoker, { ...request, remainingMs: 20_000 });
  expect(invoker.calls[0]).not.toHaveProperty('deadlineAt');
  const deadlineAt = invoker.calls[1]?.deadlineAt ?? Number.NaN;
  expect(deadlineAt).toBeGreaterThanOrEqual(arrivedAt + 18_000);
  expect(deadlineAt).toBeLessThanOrEqual(performance.now() + 18_000);
});

it('gives the model call up, and answers nobody, when the client leaves before the first event', async () => {
  const client = new AbortController();
  const invoker = inlineInvoker({ hangs: true });
  const asking = ask(invoker, { signal: client.signal });
  await vi.waitUntil(() => invoker.calls.length > 0);
  client.abort();
  expect(await asking).toMatchObject({ status: 499, body: '\n' });
  expect(invoker.calls[0]?.signal.aborted).toBe(true);
});

it('asks no model for a client that has left already', async () => {
  expect(await ask(streaming(delta('a'), stop), { signal: AbortSignal.abort() })).toMatchObject({ status: 499 });
});
