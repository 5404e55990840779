import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ProxyError } from '../errors/proxy-error.js';
import type { ModelOperation } from '../ports/model-invoker.js';
import { ReaderGone } from '../stream/call-watch.js';
import type { CallReport } from '../stream/open-stream.js';
import { openAccount } from './account.js';
import type { Tracing } from './observers.js';
import type { RequestRecord } from './request-record.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const callOf = (operation: ModelOperation) => ({
  call: { operation, body: Buffer.from('{}') },
  ...{ modelId: 'a.b', stream: true },
});
const textDelta = { type: 'text-delta', text: 'a' } as const;
const ending = { status: 200, bytesOut: 7 };

/** An account, and the record that its observer gets at the end. */
function opened(sourceIp?: string) {
  const records: RequestRecord[] = [];
  const logger = { info: vi.fn(), warn: vi.fn(), error: vi.fn() };
  const request = { requestId: 'r-1', front: 'test', ...(sourceIp !== undefined && { sourceIp }) };
  const account = openAccount(request, {
    ...{ logger, observerTimeoutMs: 250 },
    onRequestEnd: (record) => void records.push(record),
  });
  async function end(change: Partial<typeof ending & { clientLeft: boolean }> = {}) {
    await account.ended({ ...ending, ...change });
    const [record] = records;
    if (!record || records.length > 1) throw new Error(`${records.length} records`);
    return record;
  }
  return { account, end, logger };
}

const reportOf = (change: Partial<CallReport> = {}): CallReport => ({
  ...{ meta: { attempts: 1 }, usage: {}, accepted: true, textLength: 0 },
  ...change,
});

describe('the account of a request', () => {
  it('says of a request of which nothing is known that nothing came of it', async () => {
    expect(await opened().end()).toEqual({
      ...{ requestId: 'r-1', front: 'test', sourceIp: null, principal: null },
      ...{ status: 200, terminal: 'none', durationMs: 0, attempts: 0, bytesOut: 7 },
    });
  });

  it.each([
    [{ guardrailAction: 'NONE' }, 'NONE'],
    [{ guardrailAction: 'INTERVENED', nativeStopReason: 'end_turn' }, 'INTERVENED'],
    [{ nativeStopReason: 'guardrail_intervened' }, 'INTERVENED'],
    [{ nativeStopReason: 'end_turn' }, undefined],
  ])('says what a guardrail did: %j', async (report, action) => {
    const { account, end } = opened();
    account.called(reportOf(report));
    expect((await end()).guardrailAction).toBe(action);
  });

  it('has the tier in which Bedrock served the call', async () => {
    const { account, end } = opened();
    const headers = { 'x-amzn-bedrock-service-tier': 'flex', 'x-amzn-requestid': 'theirs' };
    account.called(reportOf({ meta: { attempts: 1, headers } }));
    expect((await end()).serviceTier).toBe('flex');
  });

  it.each([
    [
      'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1',
      '1-5759e988-bd862e3fe1be46a994272793',
    ],
    ['Self=1-a-b; Root=1-c-d', '1-c-d'],
    ['Root=a"b', undefined],
    ['NotRoot=1-c-d', undefined],
    [`Root=${'a'.repeat(64)}`, 'a'.repeat(64)],
    [`Root=${'a'.repeat(65)}`, undefined],
    ['Parent=1', undefined],
    ['', undefined],
  ])('has the root of the trace %j', async (traceId, root) => {
    const records: RequestRecord[] = [];
    const logger = { info: vi.fn(), warn: vi.fn(), error: vi.fn() };
    const onRequestEnd = (record: RequestRecord) => void records.push(record);
    const account = openAccount(
      { requestId: 'r', front: 'test', traceId },
      { logger, observerTimeoutMs: 0, onRequestEnd },
    );
    account.failed(new ProxyError('internal', { cause: new Error('a bug') }));
    await account.ended(ending);
    expect(records[0]?.traceId).toBe(root);
    const lines = [logger.info, logger.error].map(({ mock }) => mock.calls[0]?.[0]);
    expect(lines.map((line) => line.traceId)).toEqual([root, root]);
  });

  const failed = { modelId: 'a.b', code: 'throttled', durationMs: 1 } as const;

  it('counts the requests to targets that failed where no answer tells their number', async () => {
    const { account, end } = opened();
    account.called(reportOf({ meta: undefined }));
    account.attemptFailed({ ...failed, attempts: 3 });
    account.attemptFailed({ ...failed });
    expect(await end()).toMatchObject({ attempts: 5, fallbacks: 2 });
  });

  it('counts them once where a second call follows', async () => {
    const { account, end } = opened();
    account.called(reportOf({ meta: undefined, accepted: false }));
    account.attemptFailed({ ...failed });
    account.called(reportOf({ meta: undefined }));
    expect((await end()).attempts).toBe(3);
  });

  it('traces one call, from its first chunk to its end, and no count of tokens', async () => {
    const span = { firstChunk: vi.fn(), end: vi.fn() };
    const traceCall = vi.fn(() => span);
    const tracer = { startCall: () => span };
    const tracing = { tracer, traceCall, outcomeOf: () => ({ attempts: 0, stopReason: 'end_turn' }) };
    const logger = { info: vi.fn(), warn: vi.fn(), error: vi.fn() };
    const account = openAccount({ requestId: 'r-1', front: 'test' }, { logger, observerTimeoutMs: 0, tracing });
    account.calling(callOf('count-tokens'));
    expect(traceCall).not.toHaveBeenCalled();
    for (let count = 0; count < 2; count++) account.calling(callOf('converse'));
    expect(traceCall).toHaveBeenCalledExactlyOnceWith(
      tracer,
      { ...callOf('converse'), requestId: 'r-1' },
      expect.any(Function),
    );
    account.received({ chunks: [], events: [] });
    expect(span.firstChunk).not.toHaveBeenCalled();
    account.received({ chunks: [{ bytes: Buffer.from('{}'), value: {} }], events: [] });
    expect(span.firstChunk).toHaveBeenCalledOnce();
    account.called(reportOf({ meta: { attempts: 2 } }));
    await account.ended(ending);
    expect(span.end).toHaveBeenCalledExactlyOnceWith({ attempts: 2, stopReason: 'end_turn' });
  });

  it('is closed once the errors of its tracer are logged', async () => {
    const traceCall: Tracing['traceCall'] = (_tracer, _call, onError) => {
      onError(new Error('no exporter'));
      return { firstChunk() {}, end() {} };
    };
    const tracing = { tracer: { startCall: () => undefined }, traceCall, outcomeOf: () => ({ attempts: 0 }) };
    const logger = { info: vi.fn(), warn: vi.fn(), error: vi.fn() };
    const account = openAccount({ requestId: 'r-1', front: 'test' }, { logger, observerTimeoutMs: 0, tracing });
    account.calling(callOf('converse'));
    await account.ended(ending);
    expect(logger.error).toHaveBeenCalledExactlyOnceWith({
      ...{ event: 'observer.failed', requestId: 'r-1', observer: 'tracer' },
      cause: expect.objectContaining({ message: 'no exporter' }),
    });
  });

  it('says nothing to a tracer of a call that was never made', async () => {
    const span = { firstChunk: vi.fn(), end: vi.fn() };
    const tracing = { tracer: { startCall: () => span }, traceCall: () => span, outcomeOf: vi.fn() };
    const logger = { info: vi.fn(), warn: vi.fn(), error: vi.fn() };
    const account = openAccount({ requestId: 'r-1', front: 'test' }, { logger, observerTimeoutMs: 0, tracing });
    account.calling(callOf('converse'));
    await account.ended(ending);
    expect(tracing.outcomeOf).not.toHaveBeenCalled();
    expect(span.end).not.toHaveBeenCalled();
  });

  it('takes what a dialect notes, of a request and of its answer', async () => {
    const { account, end } = opened();
    account.asked({ operation: 'converse', modelId: 'a.b', stream: false, notes: { sessionId: 's-1' } });
    account.noted({ estimated: true });
    expect(await end()).toMatchObject({ sessionId: 's-1', estimated: true });
  });

  it('has no field for a fact that is not known', async () => {
    const { account, end } = opened();
    account.admitted({ allow: true, principal: 'team-a' });
    account.reserved({ allow: false, code: 'rate_limited' });
    expect(await end()).toStrictEqual({
      ...{ requestId: 'r-1', front: 'test', sourceIp: null, principal: 'team-a' },
      ...{ status: 200, terminal: 'none', durationMs: 0, attempts: 0, bytesOut: 7 },
    });
  });

  it('keeps the address that the front saw', async () => {
    expect((await opened('192.0.2.1').end()).sourceIp).toBe('192.0.2.1');
  });

  it('has the dialect, the caller and the request as soon as they are known', async () => {
    const { account, end } = opened();
    account.spoke('native');
    account.admitted({ allow: true, principal: 'team-a' });
    account.asked({ operation: 'invoke-model', modelId: 'a.b', stream: true });
    expect(await end()).toMatchObject({
      ...{ dialect: 'native', principal: 'team-a', operation: 'invoke-model', modelId: 'a.b', stream: true },
    });
  });

  it('has nobody for a caller who was refused', async () => {
    const { account, end } = opened();
    account.admitted({ allow: false, code: 'invalid_token' });
    expect((await end()).principal).toBeNull();
  });

  it('measures tenths of milliseconds', async () => {
    const one = opened();
    vi.advanceTimersByTime(1_234);
    expect((await one.end()).durationMs).toBe(1_234);
    const other = opened();
    vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 0.26);
    expect((await other.end()).durationMs).toBe(0.3);
  });

  it('notes the first text only, and no other event', async () => {
    const { account, end } = opened();
    vi.advanceTimersByTime(10);
    account.received({ chunks: [], events: [{ type: 'reasoning-delta', text: 'hm' }] });
    vi.advanceTimersByTime(10);
    account.received({ chunks: [], events: [{ type: 'raw', value: {} }, textDelta] });
    vi.advanceTimersByTime(10);
    account.received({ chunks: [], events: [textDelta] });
    expect((await end()).firstTextMs).toBe(20);
  });

  it('has no first text where none came', async () => {
    const { account, end } = opened();
    account.received({ chunks: [], events: [{ type: 'reasoning-delta', text: 'hm' }] });
    expect(await end()).not.toHaveProperty('firstTextMs');
  });

  it('takes only the counts that it knows, whatever else an invoker reports', async () => {
    const { account, end } = opened();
    const usage = { inputTokens: 1, outputTokens: 2, cacheReadTokens: 3, cacheWriteTokens: 4 };
    account.called(reportOf({ usage: Object.assign({ prompt: 'secret' }, usage) }));
    const record = await end();
    expect(record).toMatchObject(usage);
    expect(record).not.toHaveProperty('prompt');
  });

  it('takes the report of a call as it is at the end', async () => {
    const { account, end } = opened();
    const usage: { outputTokens?: number } = {};
    const meta = { attempts: 3, upstreamRequestId: 'up-1' };
    account.called(reportOf({ meta, usage, nativeStopReason: 'end_turn' }));
    usage.outputTokens = 7;
    expect(await end()).toMatchObject({
      ...{ attempts: 3, upstreamRequestId: 'up-1', outputTokens: 7, stopReason: 'end_turn' },
    });
  });

  it('counts one attempt for a call of which nothing came back', async () => {
    const { account, end } = opened();
    account.called(reportOf({ meta: undefined, accepted: false }));
    expect(await end()).toStrictEqual({
      ...{ requestId: 'r-1', front: 'test', sourceIp: null, principal: null },
      ...{ status: 200, terminal: 'none', durationMs: 0, attempts: 1, bytesOut: 7 },
    });
  });

  it('counts one attempt for a call that timed out before any target failed', async () => {
    const { account, end } = opened();
    account.called(reportOf({ meta: undefined, accepted: false }));
    account.failed(new ProxyError('upstream_timeout'));
    expect((await end()).attempts).toBe(1);
  });

  it('has the targets that failed in a first call, though only its answer tells of them', async () => {
    const { account, end } = opened();
    account.called(reportOf({ meta: { attempts: 2, failed: [failed] } }));
    account.called(reportOf());
    expect(await end()).toMatchObject({ attempts: 3, fallbacks: 1 });
  });

  it('adds the requests to targets that failed, each once, where a call was given up', async () => {
    const { account, end } = opened();
    const [first, second] = ['a', 'b'].map(
      (modelId) => ({ modelId, code: 'throttled', durationMs: 1, attempts: 2 }) as const,
    );
    if (!first || !second) throw new Error('no attempts');
    account.called(reportOf({ meta: { attempts: 3, failed: [first] } }));
    account.attemptFailed(first);
    account.called(reportOf({ meta: undefined, accepted: false }));
    account.attemptFailed(second);
    // Three of the first call, two of the target that failed in the second, and the one in flight.
    expect(await end()).toMatchObject({ attempts: 6, fallbacks: 2 });
  });

  it('adds up the attempts of a second call', async () => {
    const { account, end } = opened();
    account.called(reportOf({ meta: { attempts: 2 } }));
    account.called(reportOf({ meta: undefined, accepted: false }));
    account.called(reportOf({ meta: { attempts: 3 }, usage: { inputTokens: 5 } }));
    expect(await end()).toMatchObject({ attempts: 6, inputTokens: 5 });
  });

  it('is closed only when its observers are done', async () => {
    const { account, end } = opened();
    account.reserved({ allow: true, settle: () => new Promise((resolve) => setTimeout(resolve, 1_000)) });
    const closed = vi.fn();
    const ending = end().then(closed);
    await vi.advanceTimersByTimeAsync(999);
    expect(closed).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    await ending;
    expect(closed).toHaveBeenCalledOnce();
  });

  it('is closed once', async () => {
    const { account, end, logger } = opened();
    await end();
    await account.ended({ status: 500, bytesOut: 9 });
    expect(logger.info).toHaveBeenCalledOnce();
  });
});

describe('the end of a stream', () => {
  it('is done once its answer was handed over', async () => {
    const { account, end } = opened();
    account.asked({ operation: 'invoke-model', modelId: 'a', stream: true });
    account.done();
    expect(await end({ clientLeft: true })).toMatchObject({ terminal: 'done' });
  });

  it.each([
    [true, 'error'],
    [false, 'none'],
  ] as const)('is, for a failed request with stream %s, %s', async (stream, terminal) => {
    const { account, end } = opened();
    account.asked({ operation: 'invoke-model', modelId: 'a', stream });
    account.failed(new ProxyError('throttled'));
    expect(await end()).toMatchObject({ terminal, code: 'throttled' });
  });

  it('is none for a client that left, which is noted unless the failure has a code already', async () => {
    expect(await opened().end({ clientLeft: true })).toMatchObject({ terminal: 'none', code: 'client_closed' });
    const { account, end } = opened();
    account.failed(new ProxyError('not_found'));
    expect(await end({ clientLeft: true })).toMatchObject({ code: 'not_found' });
    expect(await opened().end()).not.toHaveProperty('code');
  });
});

describe('a failure', () => {
  it('is told to the client, and its cause to the log', async () => {
    const { account, end, logger } = opened();
    const error = new ProxyError('throttled', { cause: new Error('slow down') });
    expect(account.failed(error)).toBe(error);
    expect(await end()).toMatchObject({ code: 'throttled' });
    expect(logger.warn.mock.calls.map(([fields]) => fields)).toStrictEqual([
      { event: 'request.error', requestId: 'r-1', code: 'throttled', cause: expect.anything() },
    ]);
  });

  it('of an unknown kind is internal, with its cause', () => {
    const cause = new Error('bug');
    expect(opened().account.failed(cause)).toMatchObject({ code: 'internal', cause });
  });

  it.each(['client_closed', 'client_stalled'] as const)('is told to nobody if the reader is gone: %s', async (code) => {
    const { account, end, logger } = opened();
    account.asked({ operation: 'invoke-model', modelId: 'a', stream: true });
    expect(account.failed(new ReaderGone(code))).toBeUndefined();
    expect(await end()).toMatchObject({ code, terminal: 'none' });
    expect(logger.warn).not.toHaveBeenCalled();
    expect(logger.error).not.toHaveBeenCalled();
  });
});

describe('a settle', () => {
  const usage = { inputTokens: 5 };

  it('runs after those that were handed over before it', async () => {
    const order: string[] = [];
    const { account, end } = opened();
    account.admitted({ allow: true, principal: 'a', settle: () => void order.push('decision') });
    account.reserved({ allow: true, settle: () => void order.push('reservation') });
    await end();
    expect(order).toEqual(['decision', 'reservation']);
  });
  const served = { modelId: 'a.b' };

  it('of a decision and of a reservation run once each at the end, with the counts and the outcome', async () => {
    const [first, second] = [vi.fn(), vi.fn()];
    const { account, end } = opened();
    account.admitted({ allow: true, principal: 'a', settle: first });
    account.reserved({ allow: true, settle: second });
    const failed = [{ modelId: 'c.d', code: 'throttled', durationMs: 1 } as const];
    account.called(reportOf({ usage, meta: { attempts: 1, served, failed }, textLength: 9 }));
    expect(first).not.toHaveBeenCalled();
    await end();
    const outcome = { accepted: true, complete: true, served, failed, textLength: 9 };
    expect(first).toHaveBeenCalledExactlyOnceWith(usage, outcome);
    expect(second).toHaveBeenCalledExactlyOnceWith(usage, outcome);
  });

  it('of a denial runs too, and learns that no model was called', async () => {
    const settle = vi.fn();
    const { account, end } = opened();
    account.admitted({ allow: false, code: 'invalid_token', settle });
    await end();
    expect(settle).toHaveBeenCalledExactlyOnceWith({}, { accepted: false, textLength: 0 });
  });

  it('of a decision that comes after the end runs at once', async () => {
    const settle = vi.fn();
    const { account, end } = opened();
    await end();
    account.admitted({ allow: true, principal: 'late', settle });
    await vi.waitFor(() => expect(settle).toHaveBeenCalledExactlyOnceWith({}, { accepted: false, textLength: 0 }));
  });

  it('that comes after the end may take its time', async () => {
    const { account, end, logger } = opened();
    await end();
    const settled = vi.fn();
    account.reserved({
      allow: true,
      settle: () => new Promise<void>((resolve) => setTimeout(resolve, 60_000)).then(settled),
    });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(settled).toHaveBeenCalledOnce();
    expect(logger.warn).not.toHaveBeenCalled();
  });

  it('that fails after the end is logged too', async () => {
    const { account, end, logger } = opened();
    await end();
    account.reserved({ allow: true, settle: () => Promise.reject(new Error('no table')) });
    const line = expect.objectContaining({ event: 'observer.failed', requestId: 'r-1', observer: 'settle' });
    await vi.waitFor(() => expect(logger.error).toHaveBeenCalledExactlyOnceWith(line));
  });

  it.each([
    ['a whole answer', false, undefined, true],
    ['a failure after the answer', false, new ProxyError('response_too_large'), undefined],
    ['a stream without its end', true, undefined, undefined],
  ] as const)('learns whether the answer was complete: %s', async (_name, stream, failure, complete) => {
    const settle = vi.fn();
    const { account, end } = opened();
    account.reserved({ allow: true, settle });
    account.asked({ operation: 'invoke-model', modelId: 'a', stream });
    account.called(reportOf({ usage }));
    if (failure) account.failed(failure);
    await end();
    expect(settle.mock.calls[0]?.[1].complete).toBe(complete);
  });

  it('learns that a stream was complete', async () => {
    const settle = vi.fn();
    const { account, end } = opened();
    account.reserved({ allow: true, settle });
    account.asked({ operation: 'invoke-model', modelId: 'a', stream: true });
    account.called(reportOf({ usage }));
    account.done();
    await end();
    expect(settle).toHaveBeenCalledExactlyOnceWith(usage, { accepted: true, complete: true, textLength: 0 });
  });

  const upstream = { name: 'ModelTimeoutException' };
  it.each([
    ['a client that left', new ReaderGone('client_closed'), true],
    ['a client that stopped reading', new ReaderGone('client_stalled'), true],
    ['the deadline', new ProxyError('deadline_exceeded'), true],
    ['a timeout', new ProxyError('upstream_timeout'), true],
    ['a timeout that the model reported', new ProxyError('upstream_timeout', { upstream }), false],
    ['a cut', new ProxyError('upstream_truncated'), true],
    ['a refusal', new ProxyError('throttled', { upstream }), false],
    ['an address that cannot be reached', new ProxyError('upstream_unavailable'), false],
  ])(
    'takes a call without an answer as accepted if the model may have worked: %s',
    async (_name, failure, accepted) => {
      const settle = vi.fn();
      const { account, end } = opened();
      account.reserved({ allow: true, settle });
      account.called(reportOf({ meta: undefined, accepted: false }));
      account.failed(failure);
      await end();
      expect(settle).toHaveBeenCalledExactlyOnceWith({}, { accepted, textLength: 0 });
    },
  );

  it('takes no call as accepted that was never made', async () => {
    const settle = vi.fn();
    const { account, end } = opened();
    account.reserved({ allow: true, settle });
    account.failed(new ProxyError('deadline_exceeded'));
    await end();
    expect(settle).toHaveBeenCalledExactlyOnceWith({}, { accepted: false, textLength: 0 });
  });
});

describe('the limits of a caller', () => {
  it('may refuse it for a reason that the log has', async () => {
    const { account, end, logger } = opened();
    account.reserved({ allow: false, code: 'invalid_token', reason: 'disabled' });
    account.failed(new ProxyError('invalid_token'));
    await end();
    expect(logger.warn).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ reason: 'disabled' }));
  });

  it('are in the record: its team, the limit that refused it, and what is left', async () => {
    const rates = [{ of: 'requests', limit: 1, remaining: 0, resetMs: 5 }] as const;
    const { account, end } = opened();
    expect(account.rates).toBeUndefined();
    account.admitted({ allow: true, principal: 'a', team: 'search' });
    account.reserved({ allow: false, code: 'rate_limited', limit: 'team.concurrent', rates });
    expect(account.rates).toBe(rates);
    expect(await end()).toMatchObject({ team: 'search', limit: 'team.concurrent' });
  });

  it.each([
    [() => 0.25, 0.25],
    [() => undefined, undefined],
    [() => 0, undefined],
    [() => Number.NaN, undefined],
    [() => Number.POSITIVE_INFINITY, undefined],
    [() => '5' as unknown as number, undefined],
  ])('tell what the call cost', async (cost, costUsd) => {
    const { account, end, logger } = opened();
    account.reserved({ allow: true, cost });
    account.called(reportOf({ usage: { inputTokens: 5 } }));
    expect((await end()).costUsd).toBe(costUsd);
    expect(logger.error).not.toHaveBeenCalled();
  });

  it('know the counts and the outcome for the cost', async () => {
    const cost = vi.fn(() => 1);
    const { account, end } = opened();
    account.reserved({ allow: true, cost });
    account.called(reportOf({ usage: { inputTokens: 5 } }));
    await end();
    expect(cost).toHaveBeenCalledExactlyOnceWith({ inputTokens: 5 }, { accepted: true, complete: true, textLength: 0 });
  });

  it('that cannot tell the cost keep no request from ending', async () => {
    const { account, end, logger } = opened();
    account.reserved({
      allow: true,
      cost: () => {
        throw new Error('no price');
      },
    });
    expect(await end()).not.toHaveProperty('costUsd');
    expect(logger.error).toHaveBeenCalledExactlyOnceWith({
      ...{ event: 'observer.failed', requestId: 'r-1', observer: 'cost' },
      cause: expect.objectContaining({ message: 'no price' }),
    });
  });
});
