import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { AccessDecision, AccessPolicy, Reserve } from '../access/access-policy.js';
import type { Codec, ParsedCall, PlainAnswer, Route, StreamEncoder } from '../dialects/dialect.js';
import { nativeDialect } from '../dialects/native/native-dialect.js';
import { ProxyError } from '../errors/proxy-error.js';
import { hang, inlineInvoker } from '../ports/inline-invoker.test-helper.js';
import type { ModelAnswer, ModelInvoker, ModelTarget } from '../ports/model-invoker.js';
import type { ModelAlias } from '../routing/model-alias.js';
import { ReaderGone } from '../stream/call-watch.js';
import { openAccount } from '../telemetry/account.js';
import { createProxy, type ProxyOptions } from './create-proxy.js';
import { type CallRequest, openCall } from './open-call.js';

// Imported once beforehand: an import cannot end while the clock stands still.
beforeAll(() => import('../dialects/native/native-codec.js'));
afterEach(() => void vi.useRealTimers());

const admitted: AccessDecision = { allow: true, principal: 'team-a' };
const head = { method: 'POST', path: '/', query: '', headers: {} };
const native = nativeDialect().route(head) as Route;

const invoker = () => inlineInvoker({ answer: {}, steps: [{ type: 'message_stop' }] });
const silent = inlineInvoker({ hangs: true });

function request(body: string, change: Partial<CallRequest> = {}): CallRequest {
  const logger = { info() {}, warn() {}, error() {} };
  return {
    ...{ head, route: native, front: 'streaming', readBody: () => Buffer.from(body) },
    signal: new AbortController().signal,
    account: openAccount({ requestId: 'r-1', front: 'test' }, { logger, observerTimeoutMs: 0 }),
    ...change,
  };
}

/** A route of a dialect that was made for one test. */
const routeOf = (parsed: ParsedCall): Route => ({ kind: 'model', load: (): Codec => ({ parse: () => parsed }) });
const textOf = ({ body }: Pick<ModelAnswer, 'body'>) => Buffer.from(body).toString();
const encoder: StreamEncoder = {
  ...{ headers: { 'content-type': 'text/x' }, waitsForFirst: false, onBufferedFailure: 'refuse' },
  ...{ open: () => '', batch: () => '', ping: () => '', end: () => '', fail: () => '' },
};

function parsedCall(change: Partial<ParsedCall> = {}): ParsedCall {
  return {
    ...{ operation: 'converse', modelId: 'a.b', stream: false },
    bodies: () => [Buffer.from('{}')],
    whole: (answers, served) => ({ headers: { served }, body: answers.map(textOf).join('|') }),
    encoder: () => encoder,
    ...change,
  };
}

const inMs = (ms: number) => ({ deadlineAt: performance.now() + ms });

const open = (options: Partial<ProxyOptions>, asked: CallRequest) =>
  openCall(createProxy({ invoker: invoker(), access: () => admitted, ...options }), asked);

describe('a call', () => {
  it('asks the model for what the client sent, less what the proxy reads of it', async () => {
    const model = invoker();
    const opened = await open({ invoker: model }, request('{"modelId":"a.b","max_tokens":1.0}'));
    const headers = { 'content-type': 'application/json' };
    expect(opened).toEqual({ kind: 'plain', answer: { status: 200, headers, body: Buffer.from('{}') } });
    expect(model.calls).toMatchObject([{ operation: 'invoke-model', modelId: 'a.b' }]);
    expect(Buffer.from(model.calls[0]?.body ?? []).toString()).toBe('{"max_tokens":1.0}');
  });

  it("is a stream where one was asked for, under a watch that is the front's to close", async () => {
    const model = invoker();
    const opened = await open({ invoker: model }, request('{"modelId":"a.b","stream":true}'));
    if (opened.kind !== 'stream') throw new Error(opened.kind);
    expect(opened.first).toMatchObject({ chunks: [{}] });
    expect(model.calls[0]?.signal.aborted).toBe(false);
    opened.watch.close();
    expect(model.calls[0]?.signal.aborted).toBe(true);
  });

  it.each<readonly [how: string, access: AccessPolicy]>([
    ['at once', () => ({ allow: false, code: 'invalid_token' })],
    ['in time', async () => ({ allow: false, code: 'invalid_token' })],
  ])('of a client that has left is given up for that, even if a policy refuses it %s', async (_, access) => {
    const asked = request('{"modelId":"a.b"}', { signal: AbortSignal.abort() });
    await expect(open({ access }, asked)).rejects.toBeInstanceOf(ReaderGone);
  });

  it('leaves no timer and aborts nothing once a whole answer is there', async () => {
    const model = invoker();
    vi.useFakeTimers();
    await open({ invoker: model }, request('{"modelId":"a.b"}', inMs(60_000)));
    expect(model.calls[0]?.signal.aborted).toBe(false);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('that is not streamed is bound by the deadline alone', async () => {
    vi.useFakeTimers();
    const limits = { firstEventTimeoutMs: 10, idleTimeoutMs: 10 };
    const settled = vi.fn();
    open({ invoker: silent, limits }, request('{"modelId":"a.b"}', inMs(500_000))).catch(settled);
    await vi.advanceTimersByTimeAsync(499_999);
    expect(settled).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(settled).toHaveBeenCalledWith(expect.objectContaining({ code: 'deadline_exceeded' }));
  });

  it('is given up when the client leaves', async () => {
    const client = new AbortController();
    const opening = open({ invoker: silent }, request('{"modelId":"a.b"}', { signal: client.signal }));
    client.abort(new ReaderGone('client_closed'));
    await expect(opening).rejects.toMatchObject({ code: 'client_closed' });
  });

  it('is given up with the error that its front gives as the reason', async () => {
    const reason = new ProxyError('upstream_unavailable');
    const asked = request('{"modelId":"a.b"}', { signal: AbortSignal.abort(reason) });
    await expect(open({}, asked)).rejects.toBe(reason);
  });
});

describe('who may call', () => {
  it('is asked with what the request presents, before the body is read', async () => {
    const access = vi.fn(async () => ({ allow: false, code: 'invalid_token' }) as const);
    const readBody = vi.fn();
    const opening = open({ access }, { ...request(''), token: 't', sourceIp: '192.0.2.1', readBody });
    await expect(opening).rejects.toMatchObject({ code: 'invalid_token' });
    expect(access).toHaveBeenCalledExactlyOnceWith({ requestId: 'r-1', token: 't', sourceIp: '192.0.2.1' });
    expect(readBody).not.toHaveBeenCalled();
  });

  it('is not told of what was not presented', async () => {
    const access = vi.fn<AccessPolicy>(() => admitted);
    await open({ access }, request('{"modelId":"a.b"}'));
    expect(access.mock.calls).toStrictEqual([[{ requestId: 'r-1' }]]);
  });

  it('may say why not, and for how long', async () => {
    const denial = { allow: false, code: 'throttled', message: 'Over your budget.', retryAfterSeconds: 30 } as const;
    await expect(open({ access: () => denial }, request('{}'))).rejects.toMatchObject({
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
    const model = invoker();
    const access = () => ({ ...admitted, ...rights }) as AccessDecision;
    const opening = open({ invoker: model, access }, request(`{"modelId":"a.b","stream":${stream}}`));
    if (code === undefined) await expect(opening).resolves.toBeDefined();
    else await expect(opening).rejects.toMatchObject({ code });
    expect(model.calls).toHaveLength(code === undefined ? 1 : 0);
  });

  it('is nobody where the policy throws', async () => {
    const access = () => {
      throw new Error('no table');
    };
    await expect(open({ access }, request('{"modelId":"a.b"}'))).rejects.toThrow('no table');
  });
});

describe('a model id', () => {
  it.each(['', 'a..b', 'a\\u0000b', '\\ud800', 'arn:aws:s3:::bucket', '../x'])(
    'that cannot name a model is refused, and no model is asked: %s',
    async (id) => {
      const model = invoker();
      await expect(open({ invoker: model }, request(`{"modelId":"${id}"}`))).rejects.toMatchObject({
        code: 'invalid_model',
      });
      expect(model.calls).toHaveLength(0);
    },
  );

  it('is judged only after the members of the request', async () => {
    await expect(open({}, request('{"modelId":"../x","stream":1}'))).rejects.toMatchObject({ code: 'invalid_request' });
  });
});

describe('the account', () => {
  const account = () => {
    const { account: real } = request('');
    const spies = { admitted: vi.fn(real.admitted), asked: vi.fn(real.asked), called: vi.fn(real.called) };
    return { ...real, ...spies, resolved: vi.fn(real.resolved) };
  };

  it.each([
    ['that may not be called', 'c.d', ['a.one'], 'model_not_allowed'],
    ['that is called in place of the first', 'a.two', ['a.one', 'a.two'], undefined],
  ])('has the model %s for an alias', async (_, permitted, resolved, code) => {
    const noted = account();
    const access = () => ({ ...admitted, permitsModel: (id: string) => id === permitted });
    const aliases = { nick: { targets: [{ model: 'a.one' }, { model: 'a.two' }] } } as const;
    const opening = open({ access, aliases }, request('{"modelId":"nick"}', { account: noted }));
    if (code === undefined) await opening;
    else await expect(opening).rejects.toMatchObject({ code });
    expect(noted.resolved.mock.calls).toEqual(resolved.map((id) => [id]));
  });

  it('has who asked for what as soon as it is known', async () => {
    const noted = account();
    const decision = { ...admitted, settle: vi.fn(), permitsStream: false } as const;
    const asked = request('{"modelId":"a.b","stream":true}', { account: noted });
    await expect(open({ access: () => decision }, asked)).rejects.toMatchObject({ code: 'stream_not_allowed' });
    expect(noted.admitted).toHaveBeenCalledExactlyOnceWith(decision);
    expect(noted.asked).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ operation: 'invoke-model', modelId: 'a.b', stream: true }),
    );
    expect(noted.called).not.toHaveBeenCalled();
  });

  it('has no model of a request whose model cannot be one', async () => {
    const noted = account();
    await expect(open({}, request('{"modelId":"../x"}', { account: noted }))).rejects.toBeDefined();
    expect(noted.asked).not.toHaveBeenCalled();
  });

  it('has the meta of a refused call', async () => {
    const noted = account();
    const refusal = new ProxyError('throttled', { meta: { attempts: 3 } });
    const opening = open({ invoker: inlineInvoker({ refusal }) }, request('{"modelId":"a.b"}', { account: noted }));
    await expect(opening).rejects.toBe(refusal);
    expect(noted.called.mock.lastCall?.[0]).toEqual({
      ...{ meta: { attempts: 3 }, usage: {}, accepted: false, textLength: 0 },
    });
  });

  it('has the counts of a whole answer', async () => {
    const noted = account();
    const answer = {
      type: 'message',
      content: [],
      stop_reason: 'end_turn',
      usage: { input_tokens: 3, output_tokens: 5 },
    };
    const meta = { attempts: 2, upstreamRequestId: 'up-1' };
    await open({ invoker: inlineInvoker({ answer, meta }) }, request('{"modelId":"a.b"}', { account: noted }));
    expect(noted.called.mock.lastCall?.[0]).toMatchObject({
      ...{ meta, usage: { inputTokens: 3, outputTokens: 5 }, nativeStopReason: 'end_turn', accepted: true },
      textLength: 0,
    });
  });

  it('has the sums of several answers', async () => {
    const noted = account();
    const counts = [{ inputTokens: 1, outputTokens: 2 }, { inputTokens: 10 }, { cacheReadTokens: 5 }];
    const model: ModelInvoker = {
      ...silent,
      async invoke({ body }) {
        const index = Number(Buffer.from(body).toString());
        const meta = { attempts: index + 1, upstreamRequestId: `up-${index}`, reportedTokens: counts[index] ?? {} };
        return { body: Buffer.from('{}'), contentType: 'x', meta };
      },
    };
    const parsed = parsedCall({ bodies: () => ['0', '1', '2'].map((digit) => Buffer.from(digit)) });
    await open({ invoker: model }, request('', { account: noted, route: routeOf(parsed) }));
    expect(noted.called.mock.lastCall?.[0]).toMatchObject({
      meta: { attempts: 6, upstreamRequestId: 'up-0' },
      usage: { inputTokens: 11, outputTokens: 2, cacheReadTokens: 5 },
    });
  });

  const threeDigits = parsedCall({ bodies: () => ['0', '1', '2'].map((digit) => Buffer.from(digit)) });

  it.each([
    [
      ['{"amazon-bedrock-guardrailAction":"NONE"}', '{}', '{"amazon-bedrock-guardrailAction":"INTERVENED"}'],
      'INTERVENED',
    ],
    [['{}', '{"amazon-bedrock-guardrailAction":"NONE"}', '{}'], 'NONE'],
    [['{}', '{}', '{}'], undefined],
  ])('has what a guardrail did to any of several answers: %j', async (answers, action) => {
    const noted = account();
    const invoke: ModelInvoker['invoke'] = async ({ body }) => {
      const answer = answers[Number(Buffer.from(body).toString())] ?? '';
      return { body: Buffer.from(answer), contentType: 'x', meta: { attempts: 1 } };
    };
    await open({ invoker: { ...silent, invoke } }, request('', { account: noted, route: routeOf(threeDigits) }));
    expect(noted.called.mock.lastCall?.[0].guardrailAction).toBe(action);
  });

  it('has the targets that failed for any of several answers, or no list of them', async () => {
    const failed = [{ modelId: 'a.b', code: 'throttled', durationMs: 1 }] as const;
    for (const failing of [['1'], []]) {
      const noted = account();
      const invoke: ModelInvoker['invoke'] = async ({ body }) => {
        const hasFailed = failing.includes(Buffer.from(body).toString());
        return { body: Buffer.from('{}'), contentType: 'x', meta: { attempts: 1, ...(hasFailed && { failed }) } };
      };
      await open({ invoker: { ...silent, invoke } }, request('', { account: noted, route: routeOf(threeDigits) }));
      const meta = { attempts: 3, ...(failing.length > 0 && { failed }) };
      expect(noted.called.mock.lastCall?.[0].meta).toStrictEqual(meta);
    }
  });

  it.each(['0', '01'])('has the first of the answers that came before another call failed: %s', async (answered) => {
    const noted = account();
    const invoke: ModelInvoker['invoke'] = async ({ body }) => {
      const digit = Buffer.from(body).toString();
      if (answered.includes(digit))
        return { body: Buffer.from('{}'), contentType: 'x', meta: { attempts: 1, upstreamRequestId: `up-${digit}` } };
      await setImmediate();
      throw new ProxyError('throttled');
    };
    const parsed = parsedCall({ bodies: () => [...answered, '2'].map((digit) => Buffer.from(digit)) });
    const asked = request('', { account: noted, route: routeOf(parsed) });
    await expect(open({ invoker: { ...silent, invoke } }, asked)).rejects.toMatchObject({ code: 'throttled' });
    expect(noted.called.mock.lastCall?.[0]).toMatchObject({
      ...{ accepted: true, meta: { attempts: answered.length, upstreamRequestId: 'up-0' } },
    });
  });

  it('has the sums of the answers that came before another call failed', async () => {
    const noted = account();
    const model: ModelInvoker = {
      ...silent,
      async invoke({ body }) {
        if (body[0] === 0x31) throw new ProxyError('throttled', { meta: { attempts: 3 } });
        return { body: Buffer.from('{}'), contentType: 'x', meta: { attempts: 1, reportedTokens: { inputTokens: 4 } } };
      },
    };
    // The failing one begins when the first eight have been answered.
    const parsed = parsedCall({ bodies: () => [...'000000001'].map((digit) => Buffer.from(digit)) });
    await expect(open({ invoker: model }, request('', { account: noted, route: routeOf(parsed) }))).rejects.toThrow();
    expect(noted.called.mock.lastCall?.[0]).toMatchObject({
      ...{ accepted: true, usage: { inputTokens: 32 }, meta: { attempts: 3 } },
    });
  });
});

describe('the deadline', () => {
  it('holds for a policy that never answers', async () => {
    vi.useFakeTimers();
    const settled = vi.fn();
    open({ access: () => new Promise(() => {}) }, request('{}', inMs(3_000))).catch(settled);
    await vi.advanceTimersByTimeAsync(2_999);
    expect(settled).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(settled).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ code: 'deadline_exceeded' }));
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is an instant: the time that a policy took is gone for the model', async () => {
    vi.useFakeTimers();
    const access = () => new Promise<AccessDecision>((resolve) => setTimeout(resolve, 2_500, admitted));
    const settled = vi.fn();
    open({ access, invoker: silent }, request('{"modelId":"a.b"}', inMs(3_000))).catch(settled);
    await vi.advanceTimersByTimeAsync(3_000);
    expect(settled).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ code: 'deadline_exceeded' }));
  });

  it('is told to the invoker', async () => {
    const model = invoker();
    const deadline = inMs(60_000);
    await open({ invoker: model }, request('{"modelId":"a.b"}', deadline));
    expect(model.calls[0]).toMatchObject(deadline);
    await open({ invoker: model }, request('{"modelId":"a.b"}'));
    expect(model.calls[1]).not.toHaveProperty('deadlineAt');
  });
});

const plainAnswer: PlainAnswer = { status: 203, headers: {}, body: 'plain' };

describe('a dialect', () => {
  const ask = (parsed: ParsedCall, options: Partial<ProxyOptions> = {}, change: Partial<CallRequest> = {}) =>
    open(options, request('', { route: routeOf(parsed), ...change }));

  it('may translate names and choose the id that is called', async () => {
    const model = invoker();
    const permitsModel = vi.fn(() => true);
    const parsed = parsedCall({ modelId: 'nick', idOf: (name) => `us.${name}.x`, askedAs: (id) => id.slice(3) });
    const opened = await ask(parsed, { invoker: model, access: () => ({ ...admitted, permitsModel }) });
    expect(permitsModel).toHaveBeenCalledExactlyOnceWith('us.nick.x', undefined);
    expect(model.calls[0]).toMatchObject({ operation: 'converse', modelId: 'nick.x' });
    expect(opened).toMatchObject({ answer: { headers: { served: 'us.nick.x' } } });
  });

  it('gets the model that served', async () => {
    const served = { modelId: 'other.model' };
    const meta = { attempts: 1, served };
    const model = inlineInvoker({ answer: {}, steps: [{ messageStop: {} }], meta });
    expect(await ask(parsedCall(), { invoker: model })).toMatchObject({
      answer: { headers: { served: 'other.model' } },
    });
    const encoderOf = vi.fn<ParsedCall['encoder']>(() => encoder);
    const parsed = parsedCall({ stream: true, encoder: encoderOf });
    await ask(parsed, { invoker: model });
    expect(encoderOf.mock.lastCall?.[1]()).toBe('other.model');
    expect(encoderOf.mock.lastCall?.[2]()).toBe(meta);
    await ask(parsed, { invoker: invoker() });
    expect(encoderOf.mock.lastCall?.[1]()).toBe('a.b');
  });

  it('gets the id that is called as long as no model has answered', async () => {
    const early: string[] = [];
    const encoderOf: ParsedCall['encoder'] = (_front, servedBy) => {
      early.push(servedBy());
      return encoder;
    };
    await ask(parsedCall({ stream: true, encoder: encoderOf }));
    expect(early).toEqual(['a.b']);
  });

  it('gets only the part of an ARN after its last slash', async () => {
    const modelId = 'arn:aws:bedrock:eu-west-1:123456789012:custom-model/a.b/abc123';
    expect(await ask(parsedCall({ modelId }))).toMatchObject({ answer: { headers: { served: 'abc123' } } });
  });

  it('may send no body, and then answers without a call', async () => {
    const model = invoker();
    const opened = await ask(parsedCall({ bodies: () => [] }), { invoker: model });
    expect(opened).toMatchObject({ kind: 'plain', answer: { status: 200, body: '' } });
    expect(model.calls).toEqual([]);
  });

  it('may add headers, to a whole answer and to a stream', async () => {
    const answerHeaders = { 'x-dropped': 'a' };
    expect(await ask(parsedCall({ answerHeaders }))).toMatchObject({ answer: { headers: answerHeaders } });
    const opened = await ask(parsedCall({ answerHeaders, stream: true }));
    expect(opened).toMatchObject({ headers: { 'x-dropped': 'a', 'content-type': 'text/x' } });
  });

  const tiered = Buffer.from('{"serviceTier":{"type":"priority"}}');

  it('that asks nothing about the settings in its bodies has them judged, also those of a second call', async () => {
    const model = inlineInvoker({ refusal: new ProxyError('upstream_validation') });
    const settingTier = parsedCall({ bodies: () => [tiered] });
    const issues = [{ path: 'serviceTier', message: expect.stringContaining('CLIENT_OPTIONS') }];
    await expect(ask(settingTier, { invoker: model })).rejects.toMatchObject({ code: 'invalid_request', issues });
    expect(model.calls).toHaveLength(0);
    const second = parsedCall({ recover: () => settingTier });
    await expect(ask(second, { invoker: model })).rejects.toMatchObject({ code: 'invalid_request' });
    expect(model.calls).toHaveLength(1);
  });

  it('that asked about the settings of its client is trusted with its own bodies, also those of a second call', async () => {
    const model = inlineInvoker({ refusal: new ProxyError('upstream_validation') });
    const second = parsedCall({ bodies: () => [tiered] });
    const parsed = parsedCall({ bodies: () => [tiered], recover: () => second });
    const codec: Codec = {
      parse(body, { judge }) {
        judge(body, 'converse');
        return parsed;
      },
    };
    const route: Route = { kind: 'model', load: () => codec };
    await expect(open({ invoker: model }, request('{}', { route }))).rejects.toMatchObject({
      code: 'upstream_validation',
    });
    expect(model.calls.map(textOf)).toEqual([String(tiered), String(tiered)]);
  });

  it('may answer without a call, once the model is permitted', async () => {
    const model = invoker();
    const parsed = parsedCall({ bodies: () => plainAnswer });
    expect(await ask(parsed, { invoker: model })).toEqual({ kind: 'plain', answer: plainAnswer });
    await expect(ask(parsed, { access: () => ({ ...admitted, permitsModel: () => false }) })).rejects.toMatchObject({
      code: 'model_not_allowed',
    });
    expect(model.calls).toHaveLength(0);
  });

  it('may send several bodies: 8 at once, answered in order', async () => {
    let [running, most] = [0, 0];
    const model = inlineInvoker({
      async answer({ body }) {
        most = Math.max(most, ++running);
        await new Promise((resolve) => setTimeout(resolve, (20 - Number(Buffer.from(body))) % 7));
        running--;
        return body;
      },
    });
    const bodies = Array.from({ length: 20 }, (_, index) => Buffer.from(String(index)));
    const opened = await ask(parsedCall({ bodies: () => bodies }), { invoker: model });
    expect(opened).toMatchObject({ answer: { body: bodies.map(String).join('|') } });
    expect(most).toBe(8);
  });

  it('gets the first failure of several bodies, and the others are given up', async () => {
    const model = inlineInvoker({
      answer: (call) => (textOf(call) === '1' ? Promise.reject(new ProxyError('throttled')) : hang()),
    });
    const bodies = ['0', '1', '2'].map((text) => Buffer.from(text));
    await expect(ask(parsedCall({ bodies: () => bodies }), { invoker: model })).rejects.toMatchObject({
      code: 'throttled',
    });
    expect(model.calls.map(({ signal }) => signal.aborted)).toEqual([true, true, true]);
  });

  it('may bound a whole answer by a time of its own, and then answer without it', async () => {
    vi.useFakeTimers();
    const seen = vi.fn(() => plainAnswer);
    const answer = ask(parsedCall({ operation: 'count-tokens', timeoutMs: 3_000, recover: seen }), { invoker: silent });
    await vi.advanceTimersByTimeAsync(3_000);
    expect(await answer).toEqual({ kind: 'plain', answer: plainAnswer });
    expect(seen).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ code: 'upstream_timeout' }));
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each([false, true])('may try a second call once, with stream %s', async (stream) => {
    const refusal = new ProxyError('upstream_validation', { meta: { attempts: 1 } });
    const model = inlineInvoker({ refusal });
    const signals = () => model.calls.map(({ signal }) => signal.aborted);
    const second = parsedCall({ stream, bodies: () => [Buffer.from('second')], recover: vi.fn() });
    const recover = vi.fn(() => second);
    await expect(ask(parsedCall({ stream, recover }), { invoker: model })).rejects.toBe(refusal);
    expect(recover).toHaveBeenCalledExactlyOnceWith(refusal);
    expect(second.recover).not.toHaveBeenCalled();
    expect(model.calls.map(textOf)).toEqual(['{}', 'second']);
    expect(signals()).toEqual([true, true]);
  });

  it('may answer without a second call, once it has seen what the first one failed of', async () => {
    const model = inlineInvoker({ refusal: new ProxyError('upstream_validation') });
    const recover = () => parsedCall({ bodies: () => plainAnswer });
    expect(await ask(parsedCall({ recover }), { invoker: model })).toEqual({ kind: 'plain', answer: plainAnswer });
    expect(model.calls).toHaveLength(1);
  });

  it('is not asked for a second call where it has none, nor for a client that left', async () => {
    const refusal = new ProxyError('throttled');
    const recover = vi.fn(() => undefined);
    await expect(ask(parsedCall({ recover }), { invoker: inlineInvoker({ refusal }) })).rejects.toBe(refusal);
    expect(recover).toHaveBeenCalledOnce();
    const client = new AbortController();
    const leaving: ModelInvoker = {
      ...silent,
      invoke() {
        client.abort();
        return new Promise(() => {});
      },
    };
    const gone = ask(parsedCall({ recover }), { invoker: leaving }, { signal: client.signal });
    await expect(gone).rejects.toBeInstanceOf(ReaderGone);
    expect(recover).toHaveBeenCalledOnce();
  });

  it('gets the first event, or has its head sent without, as it wants', async () => {
    vi.useFakeTimers();
    const limits = { headWaitMs: 1_000, firstEventTimeoutMs: 9_000 };
    const first = async (waitsForFirst: boolean, front: 'streaming' | 'buffered') => {
      const parsed = parsedCall({ stream: true, encoder: () => ({ ...encoder, waitsForFirst }) });
      const opening = ask(parsed, { invoker: silent, limits }, { front }).catch((error: unknown) => error);
      await vi.advanceTimersByTimeAsync(9_000);
      return await opening;
    };
    expect(await first(false, 'streaming')).toMatchObject({ kind: 'stream', first: 'awake' });
    expect(await first(true, 'streaming')).toMatchObject({ code: 'upstream_timeout' });
    expect(await first(false, 'buffered')).toMatchObject({ code: 'upstream_timeout' });
  });

  it.each([0, 2])('may not stream %i bodies', async (count) => {
    const parsed = parsedCall({ stream: true, bodies: () => Array.from({ length: count }, () => Buffer.from('{}')) });
    await expect(ask(parsed)).rejects.toThrow('exactly one body');
  });

  it('may take a stream of a shape that nobody knows', async () => {
    const noShape = () => inlineInvoker({ steps: [{ odd: 1 }] });
    const ends = async (parsed: ParsedCall) => {
      const opened = await ask(parsed, { invoker: noShape() });
      return opened.kind === 'stream' ? opened.stream.next() : undefined;
    };
    expect(await ends(parsedCall({ stream: true, anyShape: true }))).toMatchObject({
      events: [{ type: 'stream-end' }],
    });
    await expect(ends(parsedCall({ stream: true }))).rejects.toMatchObject({ code: 'unsupported_stream' });
  });

  it('that cannot read an answer leaves the facts of the call for the account', async () => {
    const noted = request('').account;
    const called = vi.spyOn(noted, 'called');
    const unreadable = new ProxyError('upstream_error');
    const whole = () => {
      throw unreadable;
    };
    await expect(ask(parsedCall({ whole }), {}, { account: noted })).rejects.toBe(unreadable);
    expect(called.mock.lastCall?.[0]).toMatchObject({ meta: { attempts: 1 }, accepted: true });
  });

  it('is told of headers that the caller may not set', async () => {
    const parse = vi.fn(() => parsedCall());
    const route: Route = { kind: 'model', load: () => ({ parse }) };
    const headers = { 'x-amzn-bedrock-trace': ['ENABLED'], 'x-other': ['1'] };
    const model = invoker();
    const opening = open({ invoker: model }, request('body', { route, head: { ...head, headers } }));
    const issues = [expect.objectContaining({ path: 'x-amzn-bedrock-trace' })];
    // Also if its codec forgets them.
    await expect(opening).rejects.toMatchObject({ code: 'invalid_request', issues });
    expect(model.calls).toHaveLength(0);
    expect(parse).toHaveBeenCalledExactlyOnceWith(Buffer.from('body'), expect.objectContaining({ headers, issues }));
  });

  it('has its lists answered from what the caller may use, for admitted callers only', async () => {
    const route: Route = {
      kind: 'list',
      answer: ({ modelIds, aliases }, permits) => ({
        ...plainAnswer,
        body: JSON.stringify([modelIds.filter((id) => permits(id)), aliases]),
      }),
    };
    const permitsModel = (id: string) => id === 'a.b';
    const options = { listedModels: ['a.b', 'c.d'], access: () => ({ ...admitted, permitsModel }) };
    expect(await open(options, request('', { route }))).toMatchObject({ answer: { body: '[["a.b"],{}]' } });
    expect(await open({}, request('', { route }))).toMatchObject({ answer: { body: '[[],{}]' } });
    const denied = open({ access: () => ({ allow: false, code: 'invalid_token' }) }, request('', { route }));
    await expect(denied).rejects.toMatchObject({ code: 'invalid_token' });
  });

  it('has no use noted for a count of tokens', async () => {
    const noted = request('').account;
    const called = vi.spyOn(noted, 'called');
    const answer = { inputTokens: 7, usage: { input_tokens: 3 }, content: [], stop_reason: 'x' };
    await ask(parsedCall({ operation: 'count-tokens' }), { invoker: inlineInvoker({ answer }) }, { account: noted });
    expect(called.mock.lastCall?.[0]).toMatchObject({ accepted: true });
    expect(called.mock.lastCall?.[0].usage).toEqual({});
  });
});

describe('a reservation', () => {
  const reserving = (reserve: (...call: never) => unknown) => ({
    access: () => ({ ...admitted, reserve }) as unknown as AccessDecision,
  });

  it('is asked for with the call, after every other check and before the model', async () => {
    const model = invoker();
    const reserve = vi.fn<Reserve>(() => {
      expect(model.calls).toHaveLength(0);
      return { allow: true };
    });
    await open({ ...reserving(reserve), invoker: model }, request('{"modelId":"a.b","x":1}'));
    expect(reserve.mock.calls).toStrictEqual([
      [
        {
          targets: [{ model: 'a.b' }],
          bodies: [Buffer.from('{"x":1}')],
          signal: expect.any(AbortSignal),
        },
      ],
    ]);
    expect(model.calls).toHaveLength(1);
    await expect(open(reserving(reserve), request('{"modelId":"../x"}'))).rejects.toMatchObject({
      code: 'invalid_model',
    });
    expect(reserve).toHaveBeenCalledOnce();
  });

  it('is told how much time is left', async () => {
    vi.useFakeTimers();
    const access = async () => {
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      return { ...admitted, reserve };
    };
    const reserve = vi.fn(() => ({ allow: true }) as const);
    const opening = open({ access }, request('{"modelId":"a.b"}', inMs(60_000)));
    await vi.advanceTimersByTimeAsync(1_000);
    await opening;
    expect(reserve).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ remainingMs: 59_000 }));
  });

  it.each([
    ['permitted', { allow: true, settle: vi.fn() }],
    ['denied', { allow: false, code: 'rate_limited', settle: vi.fn() }],
  ])('that is %s is noted, for its settle', async (_, reservation) => {
    const asked = request('{"modelId":"a.b"}');
    await open(
      reserving(() => reservation),
      asked,
    ).catch(() => undefined);
    await asked.account.ended({ status: 200, bytesOut: 0 });
    expect(reservation.settle).toHaveBeenCalledOnce();
  });

  it('that is denied is told, and the model is not asked', async () => {
    const model = invoker();
    const denial = { allow: false, code: 'rate_limited', message: 'Six a minute.', retryAfterSeconds: 9 };
    const opening = open({ ...reserving(() => denial), invoker: model }, request('{"modelId":"a.b"}'));
    await expect(opening).rejects.toMatchObject({
      code: 'rate_limited',
      message: 'Six a minute.',
      retryAfterSeconds: 9,
    });
    expect(model.calls).toHaveLength(0);
  });

  it('that a policy without types returns by mistake permits nothing', async () => {
    await expect(
      open(
        reserving(() => ({ allow: 'yes', code: 'internal' })),
        request('{"modelId":"a.b"}'),
      ),
    ).rejects.toBeDefined();
  });

  it('is made once, also for a second call', async () => {
    const reserve = vi.fn(() => ({ allow: true }));
    const parsed = parsedCall({ recover: () => parsedCall() });
    const invokerThatFails = inlineInvoker({ refusal: new ProxyError('throttled') });
    const asked = request('', { route: routeOf(parsed) });
    await expect(open({ ...reserving(reserve), invoker: invokerThatFails }, asked)).rejects.toBeDefined();
    expect(reserve).toHaveBeenCalledOnce();
    expect(invokerThatFails.calls).toHaveLength(2);
  });
});

describe('settings of Bedrock', () => {
  it('are those of the proxy, of the caller and of the client, merged', async () => {
    const model = invoker();
    const guardrail = { id: 'g', version: '1' };
    const access = () => ({ ...admitted, callOptions: { serviceTier: 'flex' } }) as const;
    const parsed = parsedCall({ options: { performanceLatency: 'optimized', guardrail: { id: 'x', version: '2' } } });
    await open({ invoker: model, access, callOptions: { guardrail } }, request('', { route: routeOf(parsed) }));
    expect(model.calls[0]?.options).toEqual({ guardrail, serviceTier: 'flex', performanceLatency: 'optimized' });
    await open({ invoker: model }, request('{"modelId":"a.b"}'));
    expect(model.calls[1]).not.toHaveProperty('options');
  });

  it('are those of the target of an alias too', async () => {
    const model = invoker();
    const aliases = { fast: { targets: [{ model: 'a.b', options: { serviceTier: 'flex' } }] } } as const;
    await open({ invoker: model, aliases }, request('{"modelId":"fast"}'));
    await open({ invoker: model, aliases }, request('{"modelId":"a.b"}'));
    expect(model.calls.map(({ options }) => options)).toEqual([{ serviceTier: 'flex' }, undefined]);
  });

  it('are judged in a second call too, if its codec does not ask', async () => {
    const model = inlineInvoker({ refusal: new ProxyError('upstream_validation') });
    const second = parsedCall({ bodies: () => [Buffer.from('{"amazon-bedrock-guardrailConfig":{}}')] });
    const asked = request('', { route: routeOf(parsedCall({ recover: () => second })) });
    await expect(open({ invoker: model }, asked)).rejects.toMatchObject({ code: 'invalid_request' });
    expect(model.calls).toHaveLength(1);
  });
});

describe('a model that a caller has under another id', () => {
  const arn = 'arn:aws:bedrock:eu-west-1:123456789012:application-inference-profile/abc123';
  const access = () => ({ ...admitted, modelAliases: { 'a.b': arn } });

  it('is called by that id, and judged by its own', async () => {
    const model = invoker();
    const judged: string[] = [];
    const permitsModel = (id: string) => judged.push(id) > 0;
    const judging = () => ({ ...access(), permitsModel });
    const asked = request('{"modelId":"fast"}');
    await open({ invoker: model, access: judging, aliases: { fast: 'a.b' } }, asked);
    await open({ invoker: model, access: judging }, request('{"modelId":"c.d"}'));
    expect(model.calls.map(({ modelId }) => modelId)).toEqual([arn, 'c.d']);
    expect(judged).toEqual(['a.b', 'c.d']);
  });

  it('is no model with a name that any object has', async () => {
    const model = invoker();
    await open({ invoker: model, access }, request('{"modelId":"constructor"}'));
    expect(model.calls[0]?.modelId).toBe('constructor');
  });

  it('keeps the id that the operation needs', async () => {
    const model = invoker();
    const route = routeOf(parsedCall({ askedAs: () => 'bare' }));
    await open({ invoker: model, access }, request('', { route }));
    expect(model.calls[0]?.modelId).toBe('bare');
  });
});

describe('an alias with several targets', () => {
  const targets = [
    { model: 'a.one', weight: 1 },
    { model: 'a.two', weight: 3 },
  ] as const;
  const asked = async (alias: Omit<ModelAlias, 'targets'>, change: readonly ModelTarget[] = targets) => {
    const model = invoker();
    await open({ invoker: model, aliases: { nick: { targets: change, ...alias } } }, request('{"modelId":"nick"}'));
    return model.calls[0];
  };
  afterEach(() => void vi.restoreAllMocks());

  it('draws the one that is tried first by weight, also of two', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.5);
    expect(await asked({})).toMatchObject({ modelId: 'a.two', targets: [{ model: 'a.two' }, { model: 'a.one' }] });
  });

  it('draws one without weights if they are to be spread', async () => {
    const unweighted = targets.map(({ model }) => ({ model }));
    vi.spyOn(Math, 'random').mockReturnValueOnce(0.4).mockReturnValueOnce(0.6);
    expect(await asked({ spread: 'random' }, unweighted)).toMatchObject({ modelId: 'a.two' });
    expect(await asked({}, unweighted)).toMatchObject({ modelId: 'a.one' });
  });

  it('draws nothing if only one of them is left', async () => {
    const random = vi.spyOn(Math, 'random');
    expect(await asked({ spread: 'random' }, [{ model: 'a.one' }])).toMatchObject({ modelId: 'a.one' });
    expect(await asked({}, [{ model: 'a.one', weight: 1 }])).toMatchObject({ modelId: 'a.one' });
    expect(random).not.toHaveBeenCalled();
  });

  it('tells the invoker how long each may take, if that is set', async () => {
    expect(await asked({ firstEventTimeoutMs: 123 })).toMatchObject({ firstEventTimeoutMs: 123 });
    expect(await asked({})).not.toHaveProperty('firstEventTimeoutMs');
  });
});
