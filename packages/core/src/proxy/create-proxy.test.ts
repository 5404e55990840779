import { afterEach, describe, expect, it, vi } from 'vitest';
import type { AccessDecision } from '../access/access-policy.js';
import { nativeDialect } from '../dialects/native/native-dialect.js';
import { ProxyError } from '../errors/proxy-error.js';
import type { ModelCall, ModelInvoker } from '../ports/model-invoker.js';
import { ReaderGone } from '../stream/call-watch.js';
import { openAccount } from '../telemetry/account.js';
import { createProxy, type ProxyOptions, type ProxyRequest } from './create-proxy.js';

afterEach(() => void vi.useRealTimers());

const admitted: AccessDecision = { allow: true, principal: 'team-a' };

function invoker(calls: ModelCall[] = []): ModelInvoker {
  return {
    async invoke(call) {
      calls.push(call);
      return { body: Buffer.from('{}'), contentType: 'application/json', meta: { attempts: 1 } };
    },
    async stream(call) {
      calls.push(call);
      async function* batches() {
        yield [{ bytes: Buffer.from('{"type":"message_stop"}') }];
      }
      return { contentType: 'application/json', meta: { attempts: 1 }, batches: batches() };
    },
  };
}

function request(body: string, change: Partial<ProxyRequest> = {}): ProxyRequest {
  return {
    requestId: 'r-1',
    dialect: nativeDialect,
    readBody: () => Buffer.from(body),
    signal: new AbortController().signal,
    account: openAccount({ requestId: 'r-1', front: 'test' }),
    ...change,
  };
}

const proxyOf = (options: Partial<ProxyOptions> = {}) =>
  createProxy({ invoker: invoker(), access: () => admitted, ...options });

it('does not come to life without a policy', () => {
  const forgetful = { invoker: invoker() } as ProxyOptions;
  expect(() => createProxy(forgetful)).toThrow(/access.*allowAnonymous\(\)/);
});

describe('a call', () => {
  it('asks the model for what the client sent, less what the proxy reads of it', async () => {
    const calls: ModelCall[] = [];
    const opened = await proxyOf({ invoker: invoker(calls) }).open(request('{"modelId":"a.b","max_tokens":1.0}'));
    expect(opened).toMatchObject({ kind: 'whole', answer: { contentType: 'application/json' } });
    expect(calls).toMatchObject([{ operation: 'invoke-model', modelId: 'a.b' }]);
    expect(Buffer.from(calls[0]?.body ?? []).toString()).toBe('{"max_tokens":1.0}');
  });

  it("is a stream where one was asked for, under a watch that is the front's to close", async () => {
    const calls: ModelCall[] = [];
    const opened = await proxyOf({ invoker: invoker(calls) }).open(request('{"modelId":"a.b","stream":true}'));
    if (opened.kind !== 'stream') throw new Error(opened.kind);
    expect(await opened.stream.next()).toMatchObject({ chunks: [{}] });
    expect(calls[0]?.signal.aborted).toBe(false);
    opened.watch.close();
    expect(calls[0]?.signal.aborted).toBe(true);
  });

  it('leaves no timer and aborts nothing once a whole answer is there', async () => {
    const calls: ModelCall[] = [];
    vi.useFakeTimers();
    await proxyOf({ invoker: invoker(calls) }).open(request('{"modelId":"a.b"}', { remainingMs: 60_000 }));
    expect(calls[0]?.signal.aborted).toBe(false);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('that is not streamed is bound by the deadline alone', async () => {
    vi.useFakeTimers();
    const hanging: ModelInvoker = { ...invoker(), invoke: () => new Promise(() => {}) };
    const limits = { firstEventTimeoutMs: 10, idleTimeoutMs: 10 };
    const settled = vi.fn();
    proxyOf({ invoker: hanging, limits })
      .open(request('{"modelId":"a.b"}', { remainingMs: 500_000 }))
      .catch(settled);
    await vi.advanceTimersByTimeAsync(499_999);
    expect(settled).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(settled).toHaveBeenCalledWith(expect.objectContaining({ code: 'deadline_exceeded' }));
  });

  it('is given up when the client leaves', async () => {
    const hanging: ModelInvoker = { ...invoker(), invoke: () => new Promise(() => {}) };
    const client = new AbortController();
    const opening = proxyOf({ invoker: hanging }).open(request('{"modelId":"a.b"}', { signal: client.signal }));
    client.abort(new ReaderGone('client_closed'));
    await expect(opening).rejects.toMatchObject({ code: 'client_closed' });
  });
});

describe('who may call', () => {
  it('is asked with what the request presents, before the body is read', async () => {
    const access = vi.fn(async () => ({ allow: false, code: 'invalid_token' }) as const);
    const readBody = vi.fn();
    const opening = proxyOf({ access }).open({ ...request(''), token: 't', sourceIp: '192.0.2.1', readBody });
    await expect(opening).rejects.toMatchObject({ code: 'invalid_token' });
    expect(access).toHaveBeenCalledExactlyOnceWith({ requestId: 'r-1', token: 't', sourceIp: '192.0.2.1' });
    expect(readBody).not.toHaveBeenCalled();
  });

  it('is not told of what was not presented', async () => {
    const access = vi.fn(() => admitted);
    await proxyOf({ access }).open(request('{"modelId":"a.b"}'));
    expect(access).toHaveBeenCalledExactlyOnceWith({ requestId: 'r-1' });
  });

  it('may say why not, and for how long', async () => {
    const denial = { allow: false, code: 'throttled', message: 'Over your budget.', retryAfterSeconds: 30 } as const;
    await expect(proxyOf({ access: () => denial }).open(request('{}'))).rejects.toMatchObject({
      ...{ name: 'ProxyError', code: 'throttled', message: 'Over your budget.', retryAfterSeconds: 30 },
    });
  });

  it.each<[string, Partial<AccessDecision>, string, string | undefined]>([
    ['any model where nothing is said', {}, 'true', undefined],
    ['a model that is permitted', { permitsModel: (id) => id === 'a.b' }, 'true', undefined],
    ['no model that is not', { permitsModel: (id) => id !== 'a.b' }, 'true', 'model_not_allowed'],
    ['a stream where it is permitted', { permitsStream: true }, 'true', undefined],
    ['no stream where it is not', { permitsStream: false }, 'true', 'stream_not_allowed'],
    ['a whole answer where no stream is', { permitsStream: false }, 'false', undefined],
    [
      'neither, and the model is told first',
      { permitsStream: false, permitsModel: () => false },
      'true',
      'model_not_allowed',
    ],
  ])('may have %s', async (_name, rights, stream, code) => {
    const calls: ModelCall[] = [];
    const proxy = proxyOf({ invoker: invoker(calls), access: () => ({ ...admitted, ...rights }) as AccessDecision });
    const opening = proxy.open(request(`{"modelId":"a.b","stream":${stream}}`));
    if (code === undefined) await expect(opening).resolves.toBeDefined();
    else await expect(opening).rejects.toMatchObject({ code });
    expect(calls).toHaveLength(stream === 'false' ? 1 : 0);
  });

  it('is nobody where the policy throws', async () => {
    const access = () => {
      throw new Error('no table');
    };
    await expect(proxyOf({ access }).open(request('{"modelId":"a.b"}'))).rejects.toThrow('no table');
  });
});

describe('the account', () => {
  it('has who asked for what as soon as it is known', async () => {
    const settle = vi.fn();
    const asked = request('{"modelId":"a.b","stream":true}');
    const proxy = proxyOf({ access: () => ({ ...admitted, settle, permitsStream: false }) });
    await expect(proxy.open(asked)).rejects.toBeDefined();
    expect(asked.account).toMatchObject({ settle, record: { principal: 'team-a', modelId: 'a.b', stream: true } });
  });

  it('that is given up without an answer was sent once at the least', async () => {
    vi.useFakeTimers();
    const silent: ModelInvoker = { ...invoker(), invoke: () => new Promise(() => {}) };
    const asked = request('{"modelId":"a.b"}', { remainingMs: 1_000 });
    const refused = expect(proxyOf({ invoker: silent }).open(asked)).rejects.toMatchObject({
      code: 'deadline_exceeded',
    });
    await vi.advanceTimersByTimeAsync(1_000);
    await refused;
    expect(asked.account.call?.meta.attempts).toBe(1);
  });

  it('has the meta of a refused call', async () => {
    const refused = new ProxyError('throttled', { meta: { attempts: 3 } });
    const asked = request('{"modelId":"a.b"}');
    const proxy = proxyOf({ invoker: { ...invoker(), invoke: () => Promise.reject(refused) } });
    await expect(proxy.open(asked)).rejects.toBe(refused);
    expect(asked.account.call).toMatchObject({ meta: { attempts: 3 }, usage: {} });
  });
});

describe('the options', () => {
  it('have defaults', () => {
    expect(proxyOf()).toMatchObject({
      observerTimeoutMs: 250,
      limits: {
        ...{ maxBodyBytes: 5_242_880, headWaitMs: 5_000, heartbeatMs: 10_000, firstEventTimeoutMs: 120_000 },
        ...{ idleTimeoutMs: 60_000, deadlineMarginMs: 2_000 },
      },
    });
  });

  it('are taken one by one', () => {
    const proxy = proxyOf({ limits: { headWaitMs: 1 }, observerTimeoutMs: 2 });
    expect(proxy).toMatchObject({ observerTimeoutMs: 2, limits: { headWaitMs: 1, heartbeatMs: 10_000 } });
    expect(proxy).not.toHaveProperty('admitsSource');
    expect(proxy).not.toHaveProperty('logger');
  });

  it('take the early half of a policy along', () => {
    const access = Object.assign(() => admitted, { admitsSource: (ip: string | undefined) => ip === 'here' });
    const proxy = proxyOf({ access });
    expect([proxy.admitsSource?.('here'), proxy.admitsSource?.(undefined)]).toEqual([true, false]);
  });
});
