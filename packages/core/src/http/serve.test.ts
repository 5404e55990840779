import { describe, expect, it } from 'vitest';
import { allowAnonymous } from '../access/allow-anonymous.js';
import { ProxyError } from '../errors/proxy-error.js';
import type { ModelInvoker } from '../ports/model-invoker.js';
import { createProxy } from '../proxy/create-proxy.js';
import type { HttpAnswer } from './http-answer.js';
import type { HttpRequest } from './http-request.js';
import { serve } from './serve.js';

const meta = { attempts: 1 };
const delta = (text: string) => ({ type: 'content_block_delta', delta: { type: 'text_delta', text } });
const stop = { type: 'message_stop' };

/** A model that streams these chunks, each in a batch of its own, and throws the errors among them. */
function streaming(...steps: readonly unknown[]): ModelInvoker {
  return {
    invoke: () => Promise.reject(new Error('not asked for')),
    async stream() {
      async function* batches() {
        for (const step of steps) {
          if (step instanceof Error) throw step;
          yield { chunks: [{ bytes: Buffer.from(JSON.stringify(step)) }] };
        }
      }
      return { contentType: 'application/json', meta, batches: batches() };
    },
  };
}

const whole = (body: Uint8Array, contentType = 'application/json'): ModelInvoker => ({
  invoke: async () => ({ body, contentType, meta }),
  stream: () => Promise.reject(new Error('not asked for')),
});

const logger = { info() {}, warn() {}, error() {} };
const everyAnswer = {
  'x-request-id': 'r-1',
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'x-request-id, retry-after, www-authenticate, x-amzn-remapped-www-authenticate',
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
      'data: {"content":"Hel"}\n\ndata: {"error":{"code":"upstream_unavailable","message":"Bedrock cannot be reached or is overloaded. Wait and send again.","requestId":"r-1","retryable":true}}\n\n',
    );
  });

  it('is truncated where no end was marked', async () => {
    expect((await ask(streaming(delta('Hel')))).body).toContain('"code":"upstream_truncated"');
  });

  it.each([undefined, null, 'broken', 7, {}, Object.create(null), Symbol('s')])(
    'ends in an internal error where the model host throws %s in the middle of it',
    async (nonsense) => {
      const invoker = streaming();
      const broken: ModelInvoker = {
        ...invoker,
        async stream() {
          async function* batches() {
            yield { chunks: [{ bytes: Buffer.from(JSON.stringify(delta('a'))) }] };
            throw nonsense;
          }
          return { contentType: 'application/json', meta, batches: batches() };
        },
      };
      const { body } = await ask(broken);
      expect(body).toMatch(/^data: {"content":"a"}\n\ndata: {"error":{"code":"internal"[^\n]*\n\n$/);
    },
  );
});

describe('an answer that fails before its first event', () => {
  it('has the status of its error and a plain object', async () => {
    const refusing: ModelInvoker = {
      ...streaming(),
      stream: () => Promise.reject(new ProxyError('throttled', { meta })),
    };
    expect(await ask(refusing)).toEqual({
      status: 429,
      headers: { ...errorHeaders, 'retry-after': '1', ...everyAnswer },
      body: '{"error":{"code":"throttled","message":"Bedrock is throttling this model. Wait and send again.","requestId":"r-1","retryable":true}}',
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
    const header = (option: string) =>
      `Leave this out, or ask the operator of this proxy to add ${option} to CLIENT_OPTIONS.`;
    expect(JSON.parse(body)).toEqual({
      error: {
        code: 'invalid_request',
        message: 'Part of the request is missing, doubled, of the wrong type or not supported. Mend what issues names.',
        requestId: 'r-1',
        issues: [
          { path: 'x-amzn-bedrock-guardrailidentifier', message: header('guardrail') },
          { path: 'x-amzn-bedrock-trace', message: header('trace') },
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
    expect(await ask(whole(body, 'application/json; x=y'), { body: '{"modelId":"a.b"}' })).toEqual({
      status: 200,
      headers: { 'content-type': 'application/json; x=y', ...everyAnswer },
      body: body.toString('latin1'),
    });
  });
});

it('gives the model call up, and answers nobody, when the client leaves before the first event', async () => {
  const client = new AbortController();
  let given: AbortSignal | undefined;
  const invoker: ModelInvoker = {
    ...streaming(),
    stream({ signal }) {
      given = signal;
      queueMicrotask(() => client.abort());
      return new Promise(() => {});
    },
  };
  expect(await ask(invoker, { signal: client.signal })).toMatchObject({ status: 499, body: '\n' });
  expect(given?.aborted).toBe(true);
});

it('asks no model for a client that has left already', async () => {
  expect(await ask(streaming(delta('a'), stop), { signal: AbortSignal.abort() })).toMatchObject({ status: 499 });
});
