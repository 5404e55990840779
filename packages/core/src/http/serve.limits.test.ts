import { afterEach, describe, expect, it, vi } from 'vitest';
import type { AccessPolicy, Admission } from '../access/access-policy.js';
import { ProxyError } from '../errors/proxy-error.js';
import { type LimitSettings, limited } from '../limits/limited.js';
import { memoryLimitStore } from '../limits/memory-limit-store.js';
import { type InlineScript, inlineInvoker } from '../ports/inline-invoker.test-helper.js';
import { createProxy, type ProxyOptions } from '../proxy/create-proxy.js';
import { serve } from './serve.js';

afterEach(() => void vi.useRealTimers());

const claude = 'anthropic.claude-haiku-4-5-20251001-v1:0';
const message = {
  ...{ type: 'message', role: 'assistant', content: [{ type: 'text', text: 'Hi' }] },
  ...{ stop_reason: 'end_turn', usage: { input_tokens: 3, output_tokens: 5 } },
};
const converse = {
  output: { message: { role: 'assistant', content: [{ text: 'Hi' }] } },
  ...{ stopReason: 'end_turn', usage: { inputTokens: 3, outputTokens: 5, totalTokens: 8 }, metrics: { latencyMs: 1 } },
};

const dialects = {
  native: { path: '/', body: { modelId: claude, prompt: 'x' }, answer: message },
  bedrock: {
    path: `/model/${encodeURIComponent(claude)}/invoke`,
    body: { messages: [], max_tokens: 5 },
    answer: message,
  },
  anthropic: {
    path: '/v1/messages',
    body: { model: claude, max_tokens: 5, messages: [{ role: 'user', content: 'x' }] },
    answer: message,
  },
  openai: {
    path: '/v1/chat/completions',
    body: { model: claude, max_tokens: 5, messages: [{ role: 'user', content: 'x' }] },
    answer: converse,
  },
};

interface Scene extends LimitSettings {
  readonly caller?: Partial<Admission>;
  readonly script?: InlineScript;
  readonly prices?: Record<string, { input: number; output: number }>;
  readonly proxy?: Partial<ProxyOptions>;
  readonly store?: ReturnType<typeof memoryLimitStore>;
}

/** A proxy with limits, that is asked in a dialect. */
function scene({ caller, script, proxy: options, store = memoryLimitStore(), ...settings }: Scene) {
  const lines: Record<string, unknown>[] = [];
  const log = (fields: object) => void lines.push({ ...fields });
  const logger = { info: log, warn: log, error: log };
  const base: AccessPolicy = () => ({ allow: true, principal: 'me', ...caller });
  const access = limited(base, { store, logger, ...settings });
  const invoker = inlineInvoker(
    script ?? { answer: ({ operation }) => Promise.resolve(operation === 'converse' ? converse : message) },
  );
  const proxy = createProxy({ invoker, access, logger, ...options });
  async function ask(name: keyof typeof dialects = 'native', change: object = {}, path = dialects[name].path) {
    const answer = await serve(proxy, {
      ...{ front: 'test', requestId: 'r-1', method: 'POST', headers: {}, path, sourceIp: '192.0.2.1' },
      ...{ body: JSON.stringify({ ...dialects[name].body, ...change }), signal: new AbortController().signal },
    });
    const pieces: string[] = [];
    if (typeof answer.body === 'string' || answer.body instanceof Uint8Array)
      pieces.push(Buffer.from(answer.body).toString());
    else for await (const piece of answer.body) pieces.push(Buffer.from(piece).toString());
    await answer.close({ bytesOut: 1 });
    return { status: answer.status, headers: answer.headers, text: pieces.join('') };
  }
  return { ask, lines, invoker, end: () => lines.findLast(({ event }) => event === 'request.end') };
}

const names = Object.keys(dialects) as (keyof typeof dialects)[];

describe.each(names)('a caller of the %s dialect', (name) => {
  const isBedrock = name === 'bedrock';
  const rate = (of: string, part: string) =>
    name === 'anthropic' ? `anthropic-ratelimit-${of}-${part}` : `x-ratelimit-${part}-${of}`;

  it('reads what is left of its limits, and pages may read it too', async () => {
    const { ask } = scene({ each: { requestsPerMinute: 10, tokensPerMinute: 100_000 } });
    const { status, headers } = await ask(name);
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      [rate('requests', 'limit')]: '10',
      [rate('requests', 'remaining')]: '9',
      [rate('requests', 'reset')]: expect.stringMatching(/^(?:[12]m\d+s|\d{4}-.*Z)$/),
      [rate('tokens', 'limit')]: '100000',
    });
    const exposed = headers['access-control-expose-headers'];
    for (const of of ['requests', 'tokens'])
      for (const part of ['limit', 'remaining', 'reset']) expect(exposed).toContain(rate(of, part));
  });

  it('is told to wait at a limit per minute', async () => {
    const { ask, end } = scene({ each: { requestsPerMinute: 1 } });
    await ask(name);
    const { status, headers, text } = await ask(name);
    expect(status).toBe(429);
    expect(Number(headers['retry-after'])).toBeGreaterThanOrEqual(1);
    expect(headers['x-should-retry']).not.toBe('false');
    expect(headers[rate('requests', 'remaining')]).toBe('0');
    expect(text).toContain('The limit of 1 requests per minute for this caller is reached.');
    if (isBedrock) expect(headers['x-amzn-errortype']).toBe('ThrottlingException');
    else
      expect(text).toContain(
        name === 'openai' ? '"rate_limit_exceeded"' : name === 'anthropic' ? '"rate_limit_error"' : '"rate_limited"',
      );
    expect(end()).toMatchObject({ code: 'rate_limited', limit: 'each.requestsPerMinute', principal: 'me' });
  });

  it('is told to stop at a used budget', async () => {
    const { ask, end } = scene({ each: { tokensPerDay: 20 } });
    const { status, headers, text } = await ask(name, { max_tokens: 500 });
    expect(status).toBe(isBedrock ? 400 : 429);
    expect(headers).not.toHaveProperty('retry-after');
    expect(headers['x-should-retry']).toBe('false');
    expect(text).toContain('20 tokens per day for this caller');
    if (isBedrock) expect(headers['x-amzn-errortype']).toBe('ServiceQuotaExceededException');
    else
      expect(text).toContain(
        name === 'openai' ? '"insufficient_quota"' : name === 'anthropic' ? '"rate_limit_error"' : '"budget_exceeded"',
      );
    expect(end()).toMatchObject({ code: 'budget_exceeded', limit: 'each.tokensPerDay' });
  });

  it('cannot use a model without a price under a limit in money', async () => {
    const { ask, invoker } = scene({ each: { usdPerDay: 5 } });
    const model = name === 'bedrock' ? '/model/amazon.unpriced-v1/invoke' : undefined;
    const change = { [name === 'native' ? 'modelId' : 'model']: 'amazon.unpriced-v1' };
    const { status } =
      name === 'anthropic' ? { status: 404 } : await ask(name, name === 'bedrock' ? {} : change, model);
    expect(status).toBe(name === 'anthropic' ? 404 : 403);
    expect(invoker.calls).toEqual([]);
  });

  it('is told that limits cannot be checked', async () => {
    const { ask } = scene({ each: { concurrent: 5 }, store: { update: () => Promise.reject(new Error('down')) } });
    const { status, headers } = await ask(name);
    expect(status).toBe(503);
    expect(headers['retry-after']).toBe('5');
  });
});

describe('a list and a count of tokens', () => {
  it('use no limit', async () => {
    const { ask, end } = scene({ each: { requestsPerMinute: 1 }, script: { answer: { inputTokens: 5 } } });
    for (let times = 0; times < 3; times++) {
      expect((await ask('anthropic', {}, '/v1/messages/count_tokens')).status).toBe(200);
    }
    expect(end()).not.toHaveProperty('costUsd');
  });
});

describe('limits that nobody checks', () => {
  it('refuse their caller, and the log says what to set', async () => {
    const { ask, lines } = scene({
      proxy: { access: () => ({ allow: true, principal: 'me', limits: [{ concurrent: 1 }] }) },
    });
    expect((await ask()).status).toBe(503);
    expect(lines.find(({ event }) => event === 'request.error')).toMatchObject({
      code: 'limits_unavailable',
      cause: { message: expect.stringContaining('set LIMITS_TABLE, or use limited()') },
    });
  });

  it('are no limits if there is no rule', async () => {
    const { ask } = scene({ proxy: { access: () => ({ allow: true, principal: 'me', limits: [] }) } });
    expect((await ask()).status).toBe(200);
  });
});

describe('the log of a call with limits', () => {
  it('has its team and its cost', async () => {
    const { ask, end } = scene({
      caller: { team: 'search' },
      each: { usdPerDay: 5 },
      prices: { '*': { input: 1, output: 2 } },
    });
    await ask();
    expect(end()).toMatchObject({ team: 'search', costUsd: 0.000013, inputTokens: 3, outputTokens: 5 });
  });

  it('has no cost for a call that was refused', async () => {
    const { ask, end } = scene({
      ...{ each: { usdPerDay: 5 }, prices: { '*': { input: 1, output: 2 } } },
      script: {
        refusal: new ProxyError('throttled', { meta: { attempts: 1 }, upstream: { name: 'ThrottlingException' } }),
      },
    });
    await ask();
    expect(end()).not.toHaveProperty('costUsd');
  });
});
