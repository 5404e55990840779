import { ProxyError, type ProxyOptions } from '@bedrock-proxy/core';
import { limited, memoryLimitStore } from '@bedrock-proxy/core/limits';
import { createFunctionUrlHandler } from '@bedrock-proxy/lambda-adapter';
import { FakeInvoker } from '@bedrock-proxy/testing';
import { createInProcessRuntime } from '@bedrock-proxy/testing/lambda';
import { describe, expect, it, vi } from 'vitest';
import { eventOf, frontNames, type Sent, startFront } from '../access/start-front.ts';
import { body } from '../conformance/lambda-events.ts';
import { post, startListener } from '../node-http/start-listener.ts';

const streamed = JSON.stringify({ ...(JSON.parse(body) as object), stream: true });
const fake = () => new FakeInvoker();
const usage = { inputTokens: 12, outputTokens: 34 };

/** A policy with limits, whose store records what settles. */
function limits() {
  const store = memoryLimitStore();
  const adds: Readonly<Record<string, number>>[] = [];
  const access = limited(() => ({ allow: true, principal: 'me' }), {
    store: {
      update(key, update, signal) {
        adds.push(update.add);
        return store.update(key, update, signal);
      },
    },
    each: { concurrent: 5, tokensPerDay: 1_000_000 },
  });
  return {
    access,
    async counters() {
      const { counters = {} } = await store.update('p|me|*|0', { add: {}, expiresAt: 1 }, new AbortController().signal);
      return Object.fromEntries(Object.entries(counters).filter(([, count]) => count !== 0));
    },
    reserved: () => adds.filter((add) => add['n'] === 1).length,
    settled: () => adds.filter((add) => add['n'] === -1).length,
  };
}

interface WayOut {
  readonly invoker: () => FakeInvoker;
  readonly sent?: Sent;
  readonly options?: Partial<ProxyOptions>;
  /** Tokens that are booked; undefined: some. */
  readonly tokens?: number;
}

const short = { firstEventTimeoutMs: 50, idleTimeoutMs: 50 };
const ways: Readonly<Record<string, WayOut>> = {
  'a whole answer': { invoker: () => fake().reply((answer) => answer.text('Hi').usage(usage)), tokens: 46 },
  'a stream': {
    invoker: () => fake().reply((answer) => answer.text('Hi').usage(usage)),
    sent: { body: streamed },
    tokens: 46,
  },
  'a refusal': { invoker: () => fake().failWith('throttled'), tokens: 0 },
  'a refusal of a stream': {
    invoker: () => fake().failWith('upstream_validation'),
    sent: { body: streamed },
    tokens: 0,
  },
  'a cut stream': {
    invoker: () => fake().reply((answer) => answer.text('Hi').failWith('upstream_truncated')),
    sent: { body: streamed },
  },
  'a stalled stream': {
    invoker: () => fake().reply((answer) => answer.text('Hi').hang()),
    sent: { body: streamed },
    options: { limits: short },
  },
  'a model that is silent': { invoker: () => fake().hang(), sent: { body: streamed }, options: { limits: short } },
  'the deadline': { invoker: () => fake().hang(), options: { limits: { deadlineMarginMs: 2_990_000 } } },
  'an observer that throws': {
    invoker: () => fake().reply((answer) => answer.text('Hi').usage(usage)),
    options: {
      onRequestEnd: () => {
        throw new Error('broken');
      },
    },
    tokens: 46,
  },
  'an invoker that throws': { invoker: fake, tokens: 0 },
};

describe.each(frontNames)('a call with limits behind %s', (name) => {
  it.each(Object.entries(ways))('is settled once after %s', async (_way, { invoker, sent = {}, options, tokens }) => {
    const { access, counters, reserved, settled } = limits();
    const front = startFront(name, { invoker: invoker(), access, ...options });
    await front.ask(sent);
    await vi.waitFor(() => expect(settled()).toBe(1));
    expect(reserved()).toBe(1);
    const [[counter, count] = ['', 0], ...others] = Object.entries(await counters());
    expect(others).toEqual([]);
    if (tokens === 0) expect(counter).toBe('');
    else expect(counter).toMatch(/^d\d{8}$/);
    if (tokens) expect(count).toBe(tokens);
  });

  it('is not reserved if the request fails before', async () => {
    const { access, reserved } = limits();
    const front = startFront(name, { invoker: fake(), access });
    for (const text of ['{', '{}', '{"modelId":"../x"}', 'x'.repeat(6_000_001)]) await front.ask({ body: text });
    expect(reserved()).toBe(0);
  });
});

it('is settled once if an answer is too large for its front', async () => {
  const { access, settled } = limits();
  const front = startFront('rest-api', { invoker: fake().replyText('x'.repeat(7_000_000)), access });
  expect((await front.ask({})).statusCode).toBe(502);
  expect(settled()).toBe(1);
});

it('is settled once if the client leaves in the middle of a stream', async () => {
  const { createProxy } = await import('@bedrock-proxy/core');
  const { access, settled, counters } = limits();
  const quiet = { info: () => {}, warn: () => {}, error: () => {} };
  const invoker = fake().reply((answer) => answer.text('Hi').hang());
  const invoke = createInProcessRuntime().run(
    createFunctionUrlHandler(createProxy({ invoker, access, logger: quiet })),
  );
  const client = new AbortController();
  const result = await invoke(eventOf('function-url', { body: streamed }), { signal: client.signal });
  if (result.mode !== 'streamed') throw new Error('not streamed');
  try {
    for await (const _ of result.body) client.abort();
  } catch {
    // The runtime may reject the read after the abort.
  }
  await vi.waitFor(() => expect(settled()).toBe(1));
  expect(Object.keys(await counters())).toEqual([expect.stringMatching(/^d/)]);
});

it('is settled before a server of its own has stopped', async () => {
  const { access, settled, counters } = limits();
  await using served = await startListener({}, { access });
  served.model.reply((answer) => answer.text('Hi').hang());
  const client = served.connect();
  client.socket.write(post({ body: streamed }));
  await client.waitFor(/Hi/);
  expect(settled()).toBe(0);
  await served.listener.drain(0);
  expect(settled()).toBe(1);
  expect(Object.keys(await counters())).toEqual([expect.stringMatching(/^d/)]);
});

it('takes the reservation of a call that failed over to another target for the tokens of both', async () => {
  const { access, counters } = limits();
  const meta = {
    attempts: 2,
    failed: [{ modelId: 'a.b', code: 'upstream_error', durationMs: 1, usage: { inputTokens: 5, outputTokens: 6 } }],
  } as const;
  const front = startFront('function-url', {
    access,
    invoker: {
      invoke: () => Promise.reject(new ProxyError('throttled', { meta })),
      stream: () => Promise.reject(new ProxyError('throttled', { meta })),
    },
  });
  await front.ask({});
  await vi.waitFor(async () => expect(Object.values(await counters())).toEqual([11]));
});
