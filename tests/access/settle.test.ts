import { type AccessPolicy, allOf, anyOf, bearerTokens, createProxy, type Usage } from '@bedrock-proxy/core';
import { createFunctionUrlHandler } from '@bedrock-proxy/lambda-adapter';
import { FakeInvoker } from '@bedrock-proxy/testing';
import { createInProcessRuntime } from '@bedrock-proxy/testing/lambda';
import { describe, expect, it, vi } from 'vitest';
import { body } from '../conformance/lambda-events.ts';
import { codeOf, eventOf, type FrontName, frontNames, type Sent, startFront } from './start-front.ts';

const streamed = JSON.stringify({ ...(JSON.parse(body) as object), stream: true });

interface Outcome {
  readonly invoker?: () => FakeInvoker;
  readonly sent?: Sent;
  readonly rights?: object;
  readonly status: (front: FrontName) => number;
  readonly usage?: Usage;
}

const isBuffered = (front: FrontName) => front === 'rest-api' || front === 'http-api';
const usage = { inputTokens: 12, outputTokens: 34 };
const fake = () => new FakeInvoker();

const outcomes: Readonly<Record<string, Outcome>> = {
  'a whole answer': {
    invoker: () => fake().reply((answer) => answer.text('Hi').usage(usage)),
    status: () => 200,
    usage,
  },
  'a streamed answer': {
    invoker: () => fake().reply((answer) => answer.text('Hi').usage(usage)),
    sent: { body: streamed },
    status: () => 200,
    usage,
  },
  'a refusal by the model': { invoker: () => fake().failWith('throttled'), status: () => 429 },
  'a refusal of a stream by the model': {
    invoker: () => fake().failWith('throttled'),
    sent: { body: streamed },
    status: () => 429,
  },
  'a failure in the middle of a stream': {
    invoker: () => fake().reply((answer) => answer.text('Hi').failWith('upstream_error')),
    sent: { body: streamed },
    status: (front) => (isBuffered(front) ? 502 : 200),
  },
  'an invoker that throws a plain error': { status: () => 500 },
  'a model that is not allowed': { rights: { permitsModel: () => false }, status: () => 403 },
  'a stream that is not allowed': { rights: { permitsStream: false }, sent: { body: streamed }, status: () => 403 },
  'a permission check that throws': {
    rights: {
      permitsModel: () => {
        throw new Error('broken');
      },
    },
    status: () => 500,
  },
  'a body that is not JSON': { sent: { body: '{' }, status: () => 400 },
  'a request without a model': { sent: { body: '{}' }, status: () => 400 },
  'an invalid model id': { sent: { body: '{"modelId":"../x"}' }, status: () => 400 },
  'a body that is too large': { sent: { body: 'x'.repeat(6_000_001) }, status: () => 413 },
};

describe.each(frontNames)('settle behind %s', (name) => {
  it.each(Object.entries(outcomes))(
    'runs once after %s',
    async (_, { invoker, sent = {}, rights, status, usage: known }) => {
      const settle = vi.fn();
      const access: AccessPolicy = async () => ({ allow: true, principal: 'me', settle, ...rights });
      const front = startFront(name, { invoker: invoker?.() ?? fake(), access: allOf(access) });
      expect((await front.ask(sent)).statusCode).toBe(status(name));
      // A client has its answer before the invocation ends.
      await vi.waitFor(() => expect(settle).toHaveBeenCalledOnce());
      if (known)
        expect(settle).toHaveBeenCalledWith(
          expect.objectContaining(known),
          expect.objectContaining({ accepted: true }),
        );
    },
  );

  it('runs once, and so does the observer, if both throw', async () => {
    const settle = vi.fn(() => Promise.reject(new Error('settle broke')));
    const onRequestEnd = vi.fn(() => {
      throw new Error('observer broke');
    });
    const front = startFront(name, {
      invoker: fake().replyText('Hi'),
      access: () => ({ allow: true, principal: 'me', settle }),
      onRequestEnd,
    });
    expect((await front.ask({})).statusCode).toBe(200);
    await vi.waitFor(() => expect(settle).toHaveBeenCalledOnce());
    expect(onRequestEnd).toHaveBeenCalledOnce();
    await vi.waitFor(() => expect(front.lines.filter((line) => line.includes('observer.failed'))).toHaveLength(2));
  });

  it('runs once if a later policy denies the request', async () => {
    const settle = vi.fn();
    const reserve: AccessPolicy = () => ({ allow: true, principal: 'budget', settle });
    const front = startFront(name, { invoker: fake(), access: allOf(reserve, bearerTokens([])) });
    expect(codeOf(await front.ask({}))).toBe('missing_token');
    await vi.waitFor(() => expect(settle).toHaveBeenCalledExactlyOnceWith({}, { accepted: false, textLength: 0 }));
  });
});

describe('a custom policy', () => {
  it('admits nobody and reveals nothing if it throws or returns an invalid decision', async () => {
    for (const access of [
      () => {
        throw new Error('canary of the policy');
      },
      async () => {
        throw new Error('canary of the policy');
      },
      (() => undefined) as unknown as AccessPolicy,
      (() => true) as unknown as AccessPolicy,
      (() => ({ allow: 'yes', principal: 'me' })) as unknown as AccessPolicy,
      (() => ({ allow: false, code: 'nonsense' })) as unknown as AccessPolicy,
    ]) {
      for (const policy of [access, anyOf(access), allOf(access)]) {
        const invoker = fake().replyText('Hi');
        const front = startFront('function-url', { invoker, access: policy });
        const answer = await front.ask({ headers: [['x-api-key', 'any']] });
        expect(answer.statusCode).toBeGreaterThanOrEqual(401);
        expect(answer.body).not.toContain('canary');
        expect(invoker.calls).toEqual([]);
      }
    }
  });

  it('can deny with its own message', async () => {
    const front = startFront('function-url', {
      invoker: fake(),
      access: async () => ({
        allow: false,
        code: 'quota_exceeded',
        message: 'Come back on Monday.',
        retryAfterSeconds: 3,
      }),
    });
    const answer = await front.ask({});
    expect(answer).toMatchObject({ statusCode: 429, headers: { 'retry-after': '3' } });
    expect(answer.body).toContain('Come back on Monday.');
  });

  it('is settled once if the client disconnects in the middle of a stream', async () => {
    const settle = vi.fn();
    const handler = createFunctionUrlHandler(
      createProxy({
        invoker: fake().reply((answer) => answer.text('Hi').hang()),
        access: () => ({ allow: true, principal: 'me', settle }),
        logger: { info: () => {}, warn: () => {}, error: () => {} },
      }),
    );
    const client = new AbortController();
    const invoke = createInProcessRuntime().run(handler);
    const result = await invoke(eventOf('function-url', { body: streamed }), { signal: client.signal });
    if (result.mode !== 'streamed') throw new Error('not streamed');
    try {
      for await (const _ of result.body) client.abort();
    } catch {
      // The runtime may reject the read after the abort.
    }
    await vi.waitFor(() => expect(settle).toHaveBeenCalledOnce());
  });
});
