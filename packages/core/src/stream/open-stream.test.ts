import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { isProxyError, ProxyError } from '../errors/proxy-error.js';
import type { CallMeta, Chunk, ChunkBatch, ModelCall, ModelInvoker } from '../ports/model-invoker.js';
import { type CallWatch, ReaderGone, watchCall } from './call-watch.js';
import { type OpenStream, openStream } from './open-stream.js';

const chunk = (document: object): Chunk => ({ bytes: Buffer.from(JSON.stringify(document)) });
const text = (value: string) => chunk({ type: 'content_block_delta', delta: { type: 'text_delta', text: value } });
const opening = chunk({ type: 'message_start', message: { usage: { input_tokens: 3 } } });
const end = chunk({ type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 5 } });
const inBand = chunk({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } });
const badStop = chunk({ type: 'message_delta', delta: { stop_reason: 'error' } });
const throttled = new ProxyError('throttled', { meta: { attempts: 3 } });
const cut = new ProxyError('upstream_truncated');

/** A batch, a pause in milliseconds, silence for ever, or what the stream throws. */
type Step = readonly Chunk[] | number | 'silence' | Error;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function invokerOf(
  steps: readonly Step[],
  meta: CallMeta = { attempts: 2 },
  accept: Promise<unknown> = Promise.resolve(),
) {
  const calls: ModelCall[] = [];
  async function* batches(): AsyncGenerator<ChunkBatch, void, undefined> {
    for (const step of steps) {
      if (step instanceof Error) throw step;
      if (step === 'silence') await new Promise(() => undefined);
      else if (typeof step === 'number') await pause(step);
      else yield { chunks: step };
    }
  }
  const invoker: ModelInvoker = {
    invoke: () => Promise.reject(new Error('not asked for')),
    async stream(call) {
      calls.push(call);
      await accept;
      return { contentType: 'application/json', meta, batches: batches() };
    },
  };
  return { invoker, calls };
}

let watch: CallWatch;
// Loaded beforehand, because an import cannot end while the clock stands still.
beforeAll(() => import('../models/error-of-failure.js'));
beforeEach(() => {
  vi.useFakeTimers();
  watch = watchCall({ firstEventTimeoutMs: 1_000, idleTimeoutMs: 400, deadlineAt: performance.now() + 5_000 });
});
afterEach(() => {
  watch.close();
  vi.useRealTimers();
});

const call = { operation: 'invoke-model', modelId: 'm', body: new Uint8Array() } as const;
const open = (...steps: readonly Step[]) => openStream(invokerOf(steps).invoker, call, watch);

/** Pulls to the end: what came, as a line of words, with the failure last. */
async function drain(stream: OpenStream, wakeEveryMs = Infinity): Promise<string> {
  const seen: string[] = [];
  const pulling = (async () => {
    for (;;) {
      const batch = await stream.next(performance.now() + wakeEveryMs);
      if (batch === undefined) return 'end';
      seen.push(
        batch === 'awake' ? 'awake' : batch.events.map((e) => (e.type === 'text-delta' ? e.text : e.type)).join('+'),
      );
    }
  })().catch((error: unknown) => {
    if (error instanceof ReaderGone || isProxyError(error)) return error.code;
    return error instanceof Error ? error.message : 'odd';
  });
  let outcome: string | undefined;
  void pulling.then((value) => {
    outcome = value;
  });
  for (let turn = 0; turn < 200 && outcome === undefined; turn += 1) await vi.advanceTimersByTimeAsync(50);
  return [...seen, outcome ?? 'still open'].join(' | ');
}

const whole = 'usage-report+stream-end';

describe('a stream ends in one way', () => {
  it.each<readonly [name: string, steps: readonly Step[], line: string]>([
    [
      'whole',
      [
        [opening, text('a')],
        [text('b'), end],
      ],
      `a | b | ${whole} | end`,
    ],
    ['whole where it is cut after its end', [[text('a')], [end], cut], `a |  | ${whole} | end`],
    ['whole where it is cut after its end in the same read', [[text('a'), end], cut], `a | ${whole} | end`],
    ['whole where it falls silent after its end', [[text('a'), end], 'silence'], `a | ${whole} | end`],
    [
      'whole where what follows its end is corrupt',
      [[text('a'), end, { bytes: Buffer.from('{') }]],
      `a | ${whole} | end`,
    ],
    ['in the exception after its end', [[text('a'), end], throttled], 'a | throttled'],
    ['in the in-band error after its end', [[text('a'), end], [inBand]], 'a | upstream_unavailable'],
    ['cut where no end was marked', [[opening], [text('a')]], ' | a | upstream_truncated'],
    ['cut where nothing came', [], 'upstream_truncated'],
    ['in the failure of its first batch', [[inBand]], 'upstream_unavailable'],
    [
      'in a failure after text in the same read',
      [
        [text('a'), inBand],
        [text('b'), end],
      ],
      'a | upstream_unavailable',
    ],
    ['in an exception', [[text('a')], throttled], 'a | throttled'],
    ['in an error of another kind', [[text('a')], new TypeError('oops')], 'a | internal'],
    ['in an error of another kind after its end', [[text('a'), end], new TypeError('oops')], 'a | internal'],
    ['in an error stop reason', [[text('a'), badStop]], 'a | upstream_error'],
    ['in an error stop reason, cut after it', [[text('a'), badStop], cut], 'a | upstream_error'],
    ['unsupported', [[chunk({ odd: 1 })]], 'raw | unsupported_stream'],
    [
      'unsupported where it is cut after metrics',
      [[chunk({ 'amazon-bedrock-invocationMetrics': {} })], cut],
      ' | unsupported_stream',
    ],
    ['in a timeout before its first event', ['silence'], 'upstream_timeout'],
    ['in a timeout between events', [[text('a')], 'silence'], 'a | upstream_timeout'],
  ])('%s', async (_, steps, line) => {
    const stream = open(...steps);
    expect(await drain(stream)).toBe(line);
    // Whatever it was, it is over.
    await expect(stream.next()).resolves.toBeUndefined();
  });

  it('in the deadline, or whole where its end came first', async () => {
    const slow: Step[] = Array.from({ length: 40 }, () => [300, [text('.')]]).flat();
    expect(await drain(open(...slow))).toMatch(/^(\. \| ){16}deadline_exceeded$/);
    watch = watchCall({ firstEventTimeoutMs: 1_000, idleTimeoutMs: 400, deadlineAt: performance.now() + 300 });
    expect(await drain(open([text('a'), end], 'silence'))).toBe(`a | ${whole} | end`);
  });

  it('in the reason of its caller, even after its end', async () => {
    for (const reason of [new Error('enough'), new ReaderGone('client_closed')]) {
      const caller = new AbortController();
      watch = watchCall({ firstEventTimeoutMs: 1_000, idleTimeoutMs: 400 }, caller.signal);
      const stream = open([text('a'), end], 'silence');
      await stream.next();
      caller.abort(reason);
      await expect(stream.next()).rejects.toBe(reason);
    }
  });
});

describe('an upstream that lingers after its end', () => {
  const ticks = (count: number, ms: number, document = chunk({ type: 'ping' })) =>
    Array.from({ length: count }, (): Step[] => [ms, [document]]).flat();
  const messageEnd = chunk({ type: 'message_stop' });

  /** Drains a stream with long limits, and returns how it ended, and after how many milliseconds. */
  async function outlast(wakeEveryMs: number, ...steps: readonly Step[]): Promise<[line: string, ms: number]> {
    watch = watchCall({ firstEventTimeoutMs: 60_000, idleTimeoutMs: 60_000 });
    const began = performance.now();
    const line = await drain(open(...steps), wakeEveryMs);
    return [line, performance.now() - began];
  }

  it('is waited for during a second, pieces without text included', async () => {
    expect(await outlast(Infinity, [text('a'), end], 'silence')).toEqual([`a | ${whole} | end`, 1_000]);
    const [line, ms] = await outlast(Infinity, [text('a'), end], ...ticks(20, 300));
    expect([line, ms]).toEqual([`a |  |  |  | ${whole} | end`, 1_000]);
  });

  it('has its last millisecond if its reader wakes before that', async () => {
    watch = watchCall({ firstEventTimeoutMs: 60_000, idleTimeoutMs: 60_000 });
    const stream = open([text('a'), end], 'silence');
    await stream.next();
    const waking = stream.next(performance.now() + 999);
    await vi.advanceTimersByTimeAsync(999);
    expect(await waking).toBe('awake');
    const last = stream.next();
    await vi.advanceTimersByTimeAsync(1);
    expect(await last).toMatchObject({ events: [{ type: 'usage-report' }, { type: 'stream-end' }] });
  });

  it('is waited for during a second, pings to the client included', async () => {
    const [line, ms] = await outlast(400, [text('a'), end], 'silence');
    expect([line, ms]).toEqual([`a | awake | awake | ${whole} | end`, 1_000]);
  });

  it('is given the whole idle timeout while nothing was counted', async () => {
    const [line, ms] = await outlast(Infinity, [text('a'), messageEnd], 5_000, [end], 'silence');
    expect([line, ms]).toEqual([`a |  | ${whole} | end`, 6_000]);
  });

  it('may close, report counts or fail within the second', async () => {
    expect(await outlast(Infinity, [text('a'), end], 900)).toEqual([`a | ${whole} | end`, 900]);
    expect((await outlast(Infinity, [text('a'), end], 900, throttled))[0]).toBe('a | throttled');
    const stream = open([text('a'), end], 900, [chunk({ 'amazon-bedrock-invocationMetrics': { inputTokenCount: 9 } })]);
    expect(await drain(stream)).toBe(`a |  | ${whole} | end`);
    expect(stream.usage).toEqual({ inputTokens: 9, outputTokens: 5 });
  });

  it('is not blamed for the time that its reader takes', async () => {
    watch = watchCall({ firstEventTimeoutMs: 60_000, idleTimeoutMs: 60_000 });
    const stream = open([text('a'), end], [inBand]);
    await stream.next();
    await vi.advanceTimersByTimeAsync(30_000);
    expect(await drain(stream)).toBe('upstream_unavailable');
  });

  it('is closed with the watch, and leaves no timer', async () => {
    await outlast(Infinity, [text('a'), end], 'silence');
    expect(watch.signal.aborted).toBe(false);
    watch.close();
    expect(watch.signal.aborted).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });
});

it('its last events came with no chunk', async () => {
  const stream = open([text('a'), end]);
  await stream.next();
  expect(await stream.next()).toMatchObject({ chunks: [], events: [{ type: 'usage-report' }, { type: 'stream-end' }] });
});

describe('closing the watch', () => {
  it.each<readonly [name: string, aborts: boolean, steps: readonly Step[]]>([
    ['has nothing to abort where the stream was read to its end', false, [[text('a'), end]]],
    ['has nothing to abort where the stream ended too early', false, [[text('a')]]],
    ['aborts what is silent after its end', true, [[text('a'), end], 'silence']],
    ['aborts what was cut after its end', true, [[text('a'), end], cut]],
    ['aborts what failed', true, [[text('a')], throttled]],
  ])('%s', async (_, aborts, steps) => {
    watch = watchCall({ firstEventTimeoutMs: 1_000, idleTimeoutMs: 400 });
    await drain(open(...steps));
    watch.close();
    expect(watch.signal.aborted).toBe(aborts);
  });
});

describe('waiting', () => {
  it('wakes as often as it is told to, and silence is silence all the same', async () => {
    expect(await drain(open([text('a')], 'silence'), 150)).toBe('a | awake | awake | upstream_timeout');
    watch = watchCall({ firstEventTimeoutMs: 1_000, idleTimeoutMs: 400 });
    expect(await drain(open('silence'), 300)).toBe('awake | awake | awake | upstream_timeout');
  });

  it('is not woken where nobody asked for it', async () => {
    watch = watchCall({ firstEventTimeoutMs: 1_000, idleTimeoutMs: 400 });
    const set = vi.spyOn(globalThis, 'setTimeout');
    const stream = open('silence');
    let outcome: unknown = 'waiting';
    stream.next().catch((error: unknown) => {
      outcome = error;
    });
    await vi.advanceTimersByTimeAsync(900);
    expect(outcome).toBe('waiting');
    // No timer that finds nothing to do.
    expect(set).toHaveBeenCalledOnce();
    await vi.advanceTimersByTimeAsync(100);
    expect(outcome).toMatchObject({ code: 'upstream_timeout' });
  });

  it('loses nothing by waking', async () => {
    const stream = open(100, [text('a')], 100, [text('b'), end]);
    expect(await drain(stream, 40)).toBe(`awake | awake | a | awake | awake | b | ${whole} | end`);
  });

  it('does not count what its reader takes for itself', async () => {
    const stream = open([text('a')], [text('b'), end]);
    await stream.next();
    await vi.advanceTimersByTimeAsync(3_000);
    expect(await drain(stream)).toBe(`b | ${whole} | end`);
  });

  it('has one limit from the send to the first event, acceptance included', async () => {
    const accept = pause(600);
    const stream = openStream(invokerOf([600, [text('a')]], { attempts: 1 }, accept).invoker, call, watch);
    expect(await drain(stream)).toBe('upstream_timeout');
    expect(performance.now()).toBeLessThan(2_000);
  });
});

describe('a batch without a chunk', () => {
  it('is passed over, and is no sign of life', async () => {
    expect(await drain(open([], [text('a')], [], [end]))).toBe(`a |  | ${whole} | end`);
    expect(await drain(open([], 600, [], 600, [text('a'), end]))).toBe('upstream_timeout');
    watch = watchCall({ firstEventTimeoutMs: 1_000, idleTimeoutMs: 400 });
    expect(await drain(open([text('a')], 300, [], 300, [end]))).toBe('a | upstream_timeout');
  });

  it('is given to a reader of any shape, which may want its frames', async () => {
    const stream = openStream(invokerOf([[], [text('a'), end]]).invoker, call, watch, { anyShape: true });
    expect(await drain(stream)).toBe(` | a | ${whole} | end`);
  });
});

describe('what is known of the call', () => {
  it('is nothing before the model accepted or refused it', async () => {
    const stream = openStream(invokerOf(['silence']).invoker, call, watch);
    expect(stream).toMatchObject({ meta: undefined, accepted: false, textLength: 0 });
    expect(stream.usage).toEqual({});
    const silent = openStream(invokerOf([], { attempts: 2 }, new Promise(() => undefined)).invoker, call, watch);
    expect(await drain(silent)).toBe('upstream_timeout');
    expect(silent.meta).toBeUndefined();
  });

  it('is what the answer says, then what a failure says', async () => {
    const stream = open([text('a')], throttled);
    await stream.next();
    expect(stream.meta).toEqual({ attempts: 2 });
    expect(await drain(stream)).toBe('throttled');
    expect(stream.meta).toEqual({ attempts: 3 });
  });

  it.each([undefined, null, 'no', {}])('is nothing where the invoker throws %s, which is internal', async (thrown) => {
    const invoker: ModelInvoker = { ...invokerOf([]).invoker, stream: () => Promise.reject(thrown) };
    const stream = openStream(invoker, call, watch);
    expect(await drain(stream)).toBe('internal');
    expect(stream.meta).toBeUndefined();
  });

  it('is what a refusal says', async () => {
    const invoker: ModelInvoker = { ...invokerOf([]).invoker, stream: () => Promise.reject(throttled) };
    const stream = openStream(invoker, call, watch);
    expect(await drain(stream)).toBe('throttled');
    expect(stream.meta).toEqual({ attempts: 3 });
  });

  it('holds the counts so far: those of the stream before those of headers', async () => {
    const { invoker } = invokerOf([[opening], [text('a')], cut], {
      attempts: 1,
      reportedTokens: { inputTokens: 99, outputTokens: 7 },
    });
    const stream = openStream(invoker, call, watch);
    await stream.next();
    expect(stream.usage).toEqual({ inputTokens: 3, outputTokens: 7 });
    expect(await drain(stream)).toBe('a | upstream_truncated');
    expect(stream.usage).toEqual({ inputTokens: 3, outputTokens: 7 });
    expect(stream.nativeStopReason).toBeUndefined();
  });

  it('holds what a guardrail did', async () => {
    const stream = open([chunk({ generation: 'a', 'amazon-bedrock-guardrailAction': 'NONE' })]);
    expect(stream.guardrailAction).toBeUndefined();
    await stream.next();
    expect(stream.guardrailAction).toBe('NONE');
  });

  it('holds the stop reason', async () => {
    const stream = open([text('a'), end]);
    await stream.next();
    expect(stream.nativeStopReason).toBe('end_turn');
  });
});

describe('a cut after the end of a guarded answer', () => {
  const options = { guardrail: { id: 'g', version: '1' } };
  const lastAction = chunk({ type: 'message_stop', 'amazon-bedrock-guardrailAction': 'NONE' });

  it.each<readonly [name: string, line: string, operation: 'invoke-model' | 'converse', chunks: readonly Chunk[]]>([
    ['takes the word of its guardrail', 'a | upstream_truncated', 'invoke-model', [text('a'), end]],
    [
      'takes nothing after the word of its guardrail',
      `a | ${whole} | end`,
      'invoke-model',
      [text('a'), end, lastAction],
    ],
    ['takes nothing of Converse, whose stop reason is that word', `a | ${whole} | end`, 'converse', [text('a'), end]],
  ])('%s', async (_, line, operation, chunks) => {
    const { invoker } = invokerOf([chunks, cut]);
    expect(await drain(openStream(invoker, { ...call, operation, options }, watch))).toBe(line);
  });
});

const broken: Chunk = { bytes: Buffer.from('{') };

it('a chunk that cannot be read ends the stream, after the text of its read', async () => {
  expect(await drain(open([text('a'), broken], [text('b'), end]))).toBe('a | upstream_truncated');
});

describe('a failure in a chunk, for a reader of any shape', () => {
  const passing = (...steps: readonly Step[]) => {
    return openStream(invokerOf(steps).invoker, call, watch, { anyShape: true });
  };

  it('is the answer if nothing was given before, though text came with it', async () => {
    expect(await drain(passing([text('a'), inBand]))).toBe('upstream_unavailable');
  });

  it('comes after the frames of its read, though they hold no event', async () => {
    expect(await drain(passing([text('a')], [inBand]))).toBe('a |  | upstream_unavailable');
    expect(await drain(open([text('a')], [inBand]))).toBe('a | upstream_unavailable');
  });

  it('takes nothing from an answer that ended before it, in the first read too', async () => {
    expect(await drain(passing([text('a'), end, broken]))).toBe(`a | ${whole} | end`);
  });
});

it('sends once, what it was given, under the signal of the watch', async () => {
  const { invoker, calls } = invokerOf([[text('a'), end]]);
  const options = { serviceTier: 'flex' } as const;
  const stream = openStream(invoker, { ...call, options }, watch);
  expect(calls).toHaveLength(0);
  await drain(stream);
  expect(calls).toEqual([{ ...call, options, signal: watch.signal }]);
});

it('passes the chunks on as they came, with their values and beside their events', async () => {
  const chunks = [opening, text('a')];
  const stream = open(chunks);
  await expect(stream.next()).resolves.toStrictEqual({
    chunks: chunks.map(({ bytes }) => ({ bytes, value: JSON.parse(Buffer.from(bytes).toString()) })),
    events: [{ type: 'text-delta', text: 'a', index: 0 }],
  });
});

it('passes the frames of a batch on, if its invoker gives any', async () => {
  const frames = Uint8Array.of(1, 2);
  const { invoker } = invokerOf([]);
  async function* batches(): AsyncGenerator<ChunkBatch, void, undefined> {
    yield { chunks: [text('a')], frames };
  }
  const stream = async () => ({ contentType: 'application/json', meta: { attempts: 1 }, batches: batches() });
  await expect(openStream({ ...invoker, stream }, call, watch).next()).resolves.toStrictEqual({
    chunks: [{ ...text('a'), value: expect.objectContaining({ type: 'content_block_delta' }) }],
    events: [{ type: 'text-delta', text: 'a', index: 0 }],
    frames,
  });
});
