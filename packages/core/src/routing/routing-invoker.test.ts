import { getEventListeners } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { type ErrorCode, errorKinds } from '../errors/error-kinds.js';
import { isProxyError, ProxyError } from '../errors/proxy-error.js';
import { type InlineScript, inlineInvoker } from '../ports/inline-invoker.test-helper.js';
import type { FailedAttempt, ModelCall, ModelInvoker } from '../ports/model-invoker.js';
import { routingInvoker } from './routing-invoker.js';

const nextCodes: readonly ErrorCode[] = [
  ...(['throttled', 'quota_exceeded', 'model_not_ready', 'upstream_unavailable', 'upstream_error'] as const),
  ...(['upstream_timeout', 'upstream_truncated', 'upstream_denied', 'model_not_found'] as const),
];
const otherCodes = (Object.keys(errorKinds) as ErrorCode[]).filter((code) => !nextCodes.includes(code));
const modes = ['stream', 'invoke'] as const;
const places = ['first', 'middle', 'last'] as const;

const start = { type: 'message_start', message: { usage: { input_tokens: 7, output_tokens: 1 } } };
const text = (piece: string) => ({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: piece } });
const ending = [
  { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 3 } },
  { type: 'message_stop' },
];
const answers = (name: string): InlineScript => ({ answer: { name }, steps: [start, text(name), ...ending] });
const refuses = (code: ErrorCode, options = {}): InlineScript => ({ refusal: new ProxyError(code, options) });

/** Asks models named a, b, c in turn. */
function chain(...scripts: readonly InlineScript[]) {
  const targets = scripts.map((_, index) => ({ model: 'abc'.charAt(index), region: `r-${index}` }));
  const invokers = scripts.map(inlineInvoker);
  const noted: FailedAttempt[] = [];
  const router = routingInvoker({ invokerFor: ({ region }) => invokers[Number(region?.slice(2))] as ModelInvoker });
  const call: ModelCall = {
    operation: 'invoke-model',
    modelId: 'a',
    body: Buffer.from('{}'),
    signal: new AbortController().signal,
    targets,
    onFailedAttempt: (attempt) => void noted.push(attempt),
  };
  return { router, call, noted, invokers, counts: () => invokers.map(({ calls }) => calls.length) };
}

/** What the chain answers: the name of the target, with what is known of the call, or the error. */
async function ask(mode: (typeof modes)[number], { router, call }: ReturnType<typeof chain>) {
  if (mode === 'invoke') {
    const { body, meta } = await router.invoke(call);
    return { name: JSON.parse(Buffer.from(body).toString()).name, meta };
  }
  const { batches, meta } = await router.stream(call);
  let name = '';
  for await (const { chunks } of batches) {
    for (const { bytes } of chunks) name += JSON.parse(Buffer.from(bytes).toString()).delta?.text ?? '';
  }
  return { name, meta };
}

async function failureOf(mode: (typeof modes)[number], asked: ReturnType<typeof chain>): Promise<ProxyError> {
  const error = await ask(mode, asked).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!isProxyError(error)) throw new Error('The chain did not fail.', { cause: error });
  return error;
}

describe.each(modes)('%s', (mode) => {
  describe.each(places)('at the %s of three targets', (place) => {
    const at = places.indexOf(place);
    const script = (code: ErrorCode) =>
      places.map((_, index) => (index === at ? refuses(code) : index < at ? refuses('throttled') : answers('next')));

    it.each(nextCodes)('%s moves on to the next target', async (code) => {
      const asked = chain(...script(code));
      if (place === 'last') {
        expect((await failureOf(mode, asked)).code).toBe('throttled');
        expect(asked.counts()).toEqual([1, 1, 1]);
      } else {
        const { name, meta } = await ask(mode, asked);
        expect(name).toBe('next');
        expect(meta).toMatchObject({
          attempts: at + 2,
          served: { modelId: 'abc'.charAt(at + 1), region: `r-${at + 1}` },
        });
        expect(meta.failed?.map((attempt) => attempt.code)).toEqual([...Array(at).fill('throttled'), code]);
      }
      expect(asked.noted.map((attempt) => attempt.code)).toEqual([...Array(at).fill('throttled'), code]);
    });

    it.each(otherCodes)('%s is the answer', async (code) => {
      const asked = chain(...script(code));
      const error = await failureOf(mode, asked);
      expect(error.code).toBe(code);
      expect(error.meta).toMatchObject({ attempts: at + 1, served: { modelId: 'abc'.charAt(at) } });
      expect(asked.counts()).toEqual(places.map((_, index) => (index <= at ? 1 : 0)));
      expect(asked.noted.length).toBe(at);
    });
  });

  it('gives the failure of an invoker that is no ProxyError, and tries nothing after it', async () => {
    const asked = chain({ refusal: new Error('a bug') }, answers('b'));
    expect((await failureOf(mode, asked)).code).toBe('internal');
    expect(asked.counts()).toEqual([1, 0]);
  });

  it('gives the first error that a client may retry, and the shortest wait that any names', async () => {
    const failed = chain(
      refuses('upstream_denied'),
      refuses('upstream_error'),
      refuses('throttled', { retryAfterSeconds: 9 }),
    );
    expect(await failureOf(mode, failed)).toMatchObject({ code: 'upstream_error', retryAfterSeconds: 9 });
    const throttled = chain(
      refuses('throttled', { retryAfterSeconds: 30 }),
      refuses('throttled', { retryAfterSeconds: 7 }),
    );
    expect(await failureOf(mode, throttled)).toMatchObject({ code: 'throttled', retryAfterSeconds: 7 });
    const denied = chain(refuses('upstream_denied'), refuses('model_not_found'));
    const error = await failureOf(mode, denied);
    expect(error).toMatchObject({ code: 'upstream_denied', meta: { attempts: 2 } });
    expect(error.retryAfterSeconds).toBeUndefined();
    expect(error.meta?.failed?.map(({ modelId, region }) => [modelId, region])).toEqual([
      ['a', 'r-0'],
      ['b', 'r-1'],
    ]);
  });

  it('keeps all that a client is told of the error', async () => {
    const upstream = { name: 'ThrottlingException', status: 429 };
    const cause = new Error('in the log');
    const asked = chain(refuses('throttled', { message: 'Slow down.', cause, upstream }), refuses('upstream_denied'));
    expect(await failureOf(mode, asked)).toMatchObject({ message: 'Slow down.', cause, upstream });
    const issues = [{ path: 'a', message: 'b' }];
    const refused = chain(refuses('invalid_request', { issues, upstream }), answers('b'));
    expect(await failureOf(mode, refused)).toMatchObject({ issues, upstream });
  });

  it('adds up requests and reports what each failed target reported', async () => {
    const meta = { attempts: 1, upstreamRequestId: 'up-1', reportedTokens: { inputTokens: 5 } };
    const asked = chain(refuses('throttled', { meta: { ...meta, attempts: 3 } }), {
      ...answers('b'),
      meta: { attempts: 2 },
    });
    const answer = await ask(mode, asked);
    expect(answer.meta).toMatchObject({ attempts: 5 });
    expect(answer.meta.failed).toEqual(asked.noted);
    expect(asked.noted).toMatchObject([
      {
        modelId: 'a',
        region: 'r-0',
        code: 'throttled',
        attempts: 3,
        upstreamRequestId: 'up-1',
        usage: { inputTokens: 5 },
      },
    ]);
    expect(asked.noted[0]?.durationMs).toBeGreaterThanOrEqual(0);
  });

  it('keeps what an answer reports, and has no list of failures if there are none', async () => {
    const meta = { attempts: 2, upstreamRequestId: 'up-1', headers: { 'x-amzn-requestid': 'up-1' } };
    const answer = await ask(mode, chain({ ...answers('a'), meta }));
    expect(answer.meta).toStrictEqual({ ...meta, served: { modelId: 'a', region: 'r-0' } });
  });

  it('keeps the content type of an answer', async () => {
    const asked = chain({ ...answers('a'), contentType: 'application/x' });
    expect(await asked.router[mode](asked.call)).toHaveProperty('contentType', 'application/x');
  });

  it('keeps what an error reports that no other target is asked for', async () => {
    const meta = { attempts: 3, upstreamRequestId: 'up-1' };
    const asked = chain(refuses('upstream_validation', { meta, retryAfterSeconds: 7 }), answers('b'));
    expect(await failureOf(mode, asked)).toMatchObject({ meta, retryAfterSeconds: 7 });
    expect(await failureOf(mode, chain(refuses('upstream_validation')))).toMatchObject({ meta: { attempts: 1 } });
  });

  it('counts one request and tenths of milliseconds for a target that reports nothing', async () => {
    let time = 0;
    const fail = async () => {
      time += 12.345;
      throw new ProxyError('throttled');
    };
    const router = routingInvoker({ now: () => time, invokerFor: () => ({ invoke: fail, stream: fail }) });
    await expect(router[mode](chain({}).call)).rejects.toMatchObject({
      meta: { attempts: 1, failed: [{ attempts: 1, durationMs: 12.3 }] },
    });
  });

  it('leaves no listener on the signal of a call that was answered', async () => {
    const asked = chain(answers('a'));
    await asked.router[mode](asked.call);
    const signal = asked.invokers[0]?.calls[0]?.signal;
    expect(signal && getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('asks each target for its own model, with its own options, and all but the last only once', async () => {
    const options = { serviceTier: 'flex' } as const;
    const asked = chain(refuses('throttled'), answers('b'));
    const targets = (asked.call.targets ?? []).map((target, index) => ({ ...target, ...(index === 0 && { options }) }));
    const call = {
      ...asked.call,
      options,
      targets,
      firstEventTimeoutMs: 1_000,
      deadlineAt: performance.now() + 60_000,
    };
    await ask(mode, { ...asked, call });
    const [first, last] = asked.invokers.map(({ calls }) => calls[0]);
    const same = { operation: 'invoke-model', body: call.body, deadlineAt: call.deadlineAt };
    expect(first).toEqual({ ...same, modelId: 'a', options, maxAttempts: 1, signal: first?.signal });
    expect(last).toEqual({ ...same, modelId: 'b', signal: last?.signal });
  });

  it('passes a call without targets on as it is', async () => {
    const invoker = inlineInvoker(answers('a'));
    const invokerFor = vi.fn(() => invoker);
    const router = routingInvoker({ invokerFor });
    const { targets: _, ...call } = chain(answers('a')).call;
    await router[mode](call);
    expect(invoker.calls[0]).toBe(call);
    expect(invokerFor).toHaveBeenCalledExactlyOnceWith({ model: 'a' });
  });

  it('keeps one invoker for each Region and role', async () => {
    const made: unknown[] = [];
    const router = routingInvoker({
      invokerFor: ({ region, roleArn, externalId }) => {
        made.push([region, roleArn, externalId]);
        return inlineInvoker(refuses('throttled'));
      },
    });
    const targets = [
      { model: 'a', region: 'r-1' },
      { model: 'b', region: 'r-1' },
      { model: 'a', region: 'r-2' },
      { model: 'a', region: 'r-1', roleArn: 'x' },
      { model: 'a', region: 'r-1', roleArn: 'x', externalId: 'y' },
      { model: 'c' },
    ];
    for (let count = 0; count < 2; count++) {
      await expect(router[mode]({ ...chain().call, targets })).rejects.toMatchObject({ code: 'throttled' });
    }
    expect(made).toEqual([
      ['r-1', undefined, undefined],
      ['r-2', undefined, undefined],
      ['r-1', 'x', undefined],
      ['r-1', 'x', 'y'],
      [undefined, undefined, undefined],
    ]);
  });

  it('tries a target that failed after the others, until it answers again', async () => {
    let time = 0;
    const order: string[] = [];
    const scripts: Record<string, InlineScript> = { a: refuses('throttled'), b: answers('b') };
    const router = routingInvoker({
      now: () => time,
      invokerFor: ({ region = '' }) => {
        const play = (kind: (typeof modes)[number]) => (call: ModelCall) => {
          order.push(region);
          return inlineInvoker(scripts[region])[kind](call) as never;
        };
        return { invoke: play('invoke'), stream: play('stream') };
      },
    });
    const targets = ['a', 'b'].map((region) => ({ model: 'm', region }));
    const orderOf = async () => {
      order.length = 0;
      await router[mode]({ ...chain().call, targets }).catch(() => {});
      return order.join('');
    };
    expect(await orderOf()).toBe('ab');
    expect(await orderOf()).toBe('b');
    // Both cool down, and both are tried.
    scripts['b'] = refuses('throttled');
    expect(await orderOf()).toBe('ba');
    expect(await orderOf()).toBe('ba');
    time += 60_000;
    scripts['a'] = answers('a');
    expect(await orderOf()).toBe('a');
    scripts['a'] = refuses('throttled');
    scripts['b'] = answers('b');
    await orderOf();
    time += 2_000;
    expect(await orderOf()).toBe('ab');
  });

  it('does not hold a failed count against a target', async () => {
    const asked = chain(refuses('upstream_denied'), answers('b'));
    await asked.router.invoke({ ...asked.call, operation: 'count-tokens' });
    await ask(mode, asked);
    expect(asked.counts()).toEqual([2, 2]);
  });
});
