import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AccessPolicy, CallOutcome, CallToReserve } from '../access/access-policy.js';
import { allOf } from '../access/compose.js';
import { modelAllowlist, modelGlobs } from '../access/model-globs.js';
import type { PlainAnswer } from '../dialects/dialect.js';
import type { ErrorCode } from '../errors/error-kinds.js';
import { ProxyError } from '../errors/proxy-error.js';
import { hang, type InlineScript, inlineInvoker } from '../ports/inline-invoker.test-helper.js';
import type { ModelCall, ModelInvoker, Usage } from '../ports/model-invoker.js';
import { createProxy, type ProxyOptions } from '../proxy/create-proxy.js';
import type { ModelAlias } from '../routing/model-alias.js';
import { routingInvoker } from '../routing/routing-invoker.js';
import type { RequestRecord } from '../telemetry/request-record.js';
import type { BufferedAnswer, HttpAnswer } from './http-answer.js';
import type { HttpRequest } from './http-request.js';
import { serve } from './serve.js';

const start = { type: 'message_start', message: { usage: { input_tokens: 7, output_tokens: 1 } } };
const text = { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hi' } };
const stop = { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 3 } };
const answers: InlineScript = {
  answer: { usage: { input_tokens: 2 } },
  steps: [start, text, stop, { type: 'message_stop' }],
};
const refuses = (code: ErrorCode): InlineScript => ({ refusal: new ProxyError(code) });
const opus = { model: 'us.anthropic.claude-opus-5', region: 'us-east-1' };
const sonnet = { model: 'eu.anthropic.claude-sonnet-5', region: 'eu-west-1' };
const haiku = { model: 'global.anthropic.claude-haiku-4-5', region: 'eu-west-1' };

interface Setup extends Partial<ProxyOptions> {
  readonly scripts?: Readonly<Record<string, InlineScript>>;
  readonly body?: object;
  readonly signal?: AbortSignal;
  readonly remainingMs?: number;
  readonly onHead?: () => void;
  readonly request?: Partial<HttpRequest>;
}

/** Asks the alias `chain`, whose models follow their scripts. */
async function ask(
  alias: ModelAlias,
  { scripts = {}, body, signal, remainingMs, onHead, request: asked, ...options }: Setup = {},
) {
  const calls: ModelCall[] = [];
  const lines: Record<string, unknown>[] = [];
  const settled: [Usage, CallOutcome][] = [];
  const reserved: CallToReserve[] = [];
  const records: RequestRecord[] = [];
  const model = ({ modelId }: ModelCall) => inlineInvoker(scripts[modelId] ?? answers);
  const target: ModelInvoker = {
    invoke: (call) => {
      calls.push(call);
      return model(call).invoke(call);
    },
    stream: (call) => {
      calls.push(call);
      return model(call).stream(call);
    },
  };
  const line = (fields: object) => void lines.push(fields as Record<string, unknown>);
  const admit: AccessPolicy = () => ({
    allow: true,
    principal: 'team-a',
    reserve: (call) => {
      reserved.push(call);
      return { allow: true, settle: (...all) => void settled.push(all) };
    },
  });
  const { access = admit, ...rest } = options;
  const proxy = createProxy({
    invoker: routingInvoker({ invokerFor: () => target }),
    aliases: { chain: alias },
    logger: { info: line, warn: line, error: line },
    onRequestEnd: (record) => void records.push(record),
    access,
    ...rest,
  });
  const request = {
    ...{ front: 'test', requestId: 'r-1', method: 'POST', path: '/', headers: {} },
    signal: signal ?? new AbortController().signal,
    body: JSON.stringify({ modelId: 'chain', ...body }),
    ...(remainingMs !== undefined && { remainingMs }),
    ...asked,
  };
  const answer: HttpAnswer = await serve(proxy, request);
  onHead?.();
  let written = '';
  if (typeof answer.body === 'string' || answer.body instanceof Uint8Array)
    written = Buffer.from(answer.body).toString();
  else for await (const piece of answer.body) written += Buffer.from(piece).toString();
  await answer.close({ bytesOut: written.length });
  const events = (event: string) => lines.filter((fields) => fields['event'] === event);
  return { answer, text: written, calls, record: records[0], events, settled, reserved };
}

describe('the targets of an alias', () => {
  const alias = { targets: [opus, sonnet, haiku] };

  it('are tried with the rights of the caller, under the ceiling for all', async () => {
    const scripts = {
      [opus.model]: refuses('throttled'),
      [sonnet.model]: refuses('throttled'),
      [haiku.model]: refuses('throttled'),
    };
    const tried = async (...globs: readonly (readonly string[])[]) => {
      const access = allOf(...globs.map(modelAllowlist));
      const { calls, answer } = await ask(alias, { access, scripts });
      return calls.length === 0 ? answer.status : calls.map(({ modelId }) => modelId);
    };
    expect(await tried(['*haiku*'])).toEqual([haiku.model]);
    expect(await tried(['*'])).toEqual([opus.model, sonnet.model, haiku.model]);
    expect(await tried(['@chain'])).toEqual([opus.model, sonnet.model, haiku.model]);
    expect(await tried(['@chain'], ['eu.*', 'global.*'])).toEqual([sonnet.model, haiku.model]);
    expect(await tried(['eu.*'], ['@chain'])).toEqual([sonnet.model]);
    expect(await tried(['@chain'], ['us.*'], ['eu.*'])).toBe(403);
    expect(await tried(['@other'])).toBe(403);
    expect(await tried(['chain'])).toBe(403);
  });

  it('never widen the rights of a caller, whatever fails', async () => {
    const ids = [
      'us.anthropic.haiku',
      'us.anthropic.haiku-opus',
      'eu.anthropic.opus',
      'anthropic.haiku',
      'anthropic.opus-5',
    ];
    const globs = [
      '*haiku',
      '*haiku*',
      'us.*',
      'eu.*',
      'anthropic.*',
      '*opus*',
      '@chain',
      '@haiku',
      'chain',
      '*',
      ...ids,
    ];
    const codes: readonly (ErrorCode | undefined)[] = [
      'throttled',
      'upstream_denied',
      'upstream_validation',
      'internal',
      undefined,
    ];
    const list = fc.array(fc.constantFrom(...globs), { maxLength: 3 });
    const body = fc.record({ stream: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.constantFrom(...ids), { minLength: 1, maxLength: 5 }),
        list,
        fc.option(list, { nil: undefined }),
        fc.array(fc.constantFrom(...codes), { minLength: 5, maxLength: 5 }),
        fc.constantFrom(undefined, 'random' as const, 'caller' as const),
        body,
        async (models, own, ceiling, faults, spread, members) => {
          const access = allOf(modelAllowlist(own), ...(ceiling ? [modelAllowlist(ceiling)] : []));
          const scripts = Object.fromEntries(
            ids.map((id, index) => [id, faults[index] ? refuses(faults[index] as ErrorCode) : answers]),
          );
          const targets = models.map((model) => ({ model, region: 'us-east-1' }));
          const asked = await ask({ targets, ...(spread && { spread }) }, { access, scripts, body: members });
          const mayUse = (id: string) => [own, ceiling ?? ['*']].every((patterns) => modelGlobs(patterns)(id, 'chain'));
          expect(asked.calls.map(({ modelId }) => modelId).filter((id) => !mayUse(id))).toEqual([]);
          if (models.some(mayUse)) expect(asked.calls.length).toBeGreaterThan(0);
          else expect(asked.answer.status).toBe(403);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('are refused as one if the id of one is no id', async () => {
    const { answer, calls } = await ask({ targets: [opus, { model: 'anthropic..claude' }] });
    expect(answer.status).toBe(400);
    expect(calls).toEqual([]);
  });

  it('get one body: that of the first that the caller may use, with the defaults of the alias', async () => {
    const command = { model: 'cohere.command-text-v14', region: 'us-east-1' };
    const other = { model: 'cohere.command-r-v1:0', region: 'us-east-1' };
    const scripts = { [command.model]: refuses('throttled') };
    const targets = [command, other];
    const bodies = async (access: AccessPolicy) => {
      const { calls } = await ask(
        { targets, defaults: { p: 1 } },
        { access, scripts, body: { stream: true, prompt: 'x' } },
      );
      return calls.map(({ body }) => Buffer.from(body).toString());
    };
    // Only the first of these models takes a member `stream`.
    const streamed = '{"p":1,"stream":true,"prompt":"x"}';
    expect(await bodies(modelAllowlist(['*']))).toEqual([streamed, streamed]);
    expect(await bodies(modelAllowlist(['*-r-*']))).toEqual(['{"p":1,"prompt":"x"}']);
  });

  it('get settings of their own', async () => {
    const guardrail = { id: 'g-us', version: '1' };
    const elsewhere = { id: 'g-eu', version: '2' };
    const targets = [opus, { ...sonnet, options: { guardrail: elsewhere, serviceTier: 'flex' } as const }];
    const { calls } = await ask(
      { targets },
      { scripts: { [opus.model]: refuses('throttled') }, callOptions: { guardrail } },
    );
    expect(calls.map(({ options }) => options)).toEqual([{ guardrail }, { guardrail: elsewhere, serviceTier: 'flex' }]);
    const tier = { targets: [{ ...opus, options: { serviceTier: 'flex' } as const }] };
    expect((await ask(tier)).calls[0]?.options).toEqual({ serviceTier: 'flex' });
    // A guardrail that nobody applies must not look as if it were there.
    await expect(ask({ targets })).rejects.toThrow('The alias chain: the guardrail of a target needs one of the proxy');
  });

  it.each([{}, { 'anthropic-version': ['2023-06-01'] }])(
    'list an alias of which the caller may use one: %j',
    async (headers) => {
      const listed = async (glob: string) => {
        const request = { method: 'GET', path: '/v1/models', headers };
        const { text: body } = await ask(alias, { access: modelAllowlist([glob]), request });
        return JSON.parse(body).data.map(({ id }: { id: string }) => id);
      };
      expect(await listed('*haiku*')).toEqual(['chain']);
      expect(await listed('@chain')).toEqual(['chain']);
      expect(await listed('*llama*')).toEqual([]);
    },
  );

  it('are all told to a limit, the first one first', async () => {
    const { reserved } = await ask({ targets: [opus, { ...sonnet, pricedAs: 'x', priceFactor: 2 }] });
    expect(reserved).toMatchObject([{ targets: [opus, { ...sonnet, pricedAs: 'x', priceFactor: 2 }] }]);
  });

  it('are drawn: each caller keeps its own', async () => {
    const targets = [opus, sonnet, haiku];
    const firstOf = async (principal: string) => {
      const access = () => ({ allow: true, principal }) as const;
      return (await ask({ targets, spread: 'caller' }, { access })).calls[0]?.modelId;
    };
    const callers = Array.from({ length: 30 }, (_, index) => `caller-${index}`);
    const firsts = await Promise.all(callers.map(firstOf));
    expect(new Set(firsts).size).toBe(3);
    expect(await Promise.all(callers.map(firstOf))).toEqual(firsts);
  });

  it('need no router if there is one, in the Region and role of the proxy', async () => {
    const invoker = inlineInvoker(answers);
    const options = { serviceTier: 'flex' } as const;
    await ask({ targets: [{ model: opus.model, options }], firstEventTimeoutMs: 1 }, { invoker });
    expect(invoker.calls[0]).toMatchObject({ modelId: opus.model, options });
    for (const member of ['targets', 'firstEventTimeoutMs', 'onFailedAttempt'])
      expect(invoker.calls[0]).not.toHaveProperty(member);
  });

  it('reach an invoker without a router by the first of them', async () => {
    const invoker = inlineInvoker(answers);
    const options = { serviceTier: 'flex' } as const;
    const { answer } = await ask({ targets: [{ ...sonnet, options }, opus] }, { invoker });
    expect(invoker.calls[0]).toMatchObject({ modelId: sonnet.model, options });
    expect((answer as PlainAnswer).headers['x-served-model']).toBe(sonnet.model);
  });
});

describe('the account of a call through a chain', () => {
  const alias = { targets: [opus, sonnet] };
  const failing: InlineScript = {
    steps: [start, new ProxyError('upstream_error')],
    refusal: undefined,
    meta: { attempts: 2, upstreamRequestId: 'up-1' },
  };
  const { refusal: _, ...breaks } = failing;
  const stream = { stream: true };

  it('has the counts of the target that served, and tells a limit what the other one used', async () => {
    const { record, settled, events } = await ask(alias, { scripts: { [opus.model]: breaks }, body: stream });
    expect(record).toMatchObject({
      ...{ modelId: 'chain', servedModelId: sonnet.model, servedRegion: 'eu-west-1', fallbacks: 1, attempts: 3 },
      ...{ inputTokens: 7, outputTokens: 3, terminal: 'done' },
    });
    const failed = { modelId: opus.model, region: 'us-east-1', code: 'upstream_error', upstreamRequestId: 'up-1' };
    expect(settled).toMatchObject([
      [
        { inputTokens: 7, outputTokens: 3 },
        {
          accepted: true,
          served: { modelId: sonnet.model },
          failed: [{ ...failed, usage: { inputTokens: 7, outputTokens: 1 } }],
        },
      ],
    ]);
    expect(settled[0]?.[1].failed).toHaveLength(1);
    expect(events('route.attempt')).toEqual([
      { event: 'route.attempt', requestId: 'r-1', ...failed, durationMs: expect.any(Number) },
    ]);
    expect(events('route.misconfigured')).toEqual([]);
    expect(events('request.end')).toMatchObject([{ servedRegion: 'eu-west-1', fallbacks: 1 }]);
  });

  it.each(['upstream_denied', 'model_not_found'] as const)(
    'warns of a target that can never answer: %s',
    async (code) => {
      const { events, answer } = await ask(alias, { scripts: { [opus.model]: refuses(code) } });
      expect(answer.status).toBe(200);
      expect(events('route.misconfigured')).toMatchObject([
        { modelId: opus.model, region: 'us-east-1', code, requestId: 'r-1' },
      ]);
    },
  );

  it.each([false, true])('has every target that failed if none answered: stream %s', async (isStream) => {
    const scripts = { [opus.model]: refuses('throttled'), [sonnet.model]: refuses('upstream_unavailable') };
    const { record, settled, events, text: body } = await ask(alias, { scripts, body: { stream: isStream } });
    expect(record).toMatchObject({ code: 'throttled', fallbacks: 2, attempts: 2, servedModelId: opus.model });
    expect(settled).toMatchObject([
      [{}, { accepted: false, failed: [{ code: 'throttled' }, { code: 'upstream_unavailable' }] }],
    ]);
    expect(events('route.attempt')).toHaveLength(2);
    // Nothing of a target is told to a client.
    expect(body).not.toMatch(/us-east-1|eu-west-1|opus|sonnet/);
  });

  it('has the target that refused for good as the one that served', async () => {
    const scripts = { [opus.model]: refuses('throttled'), [sonnet.model]: refuses('upstream_validation') };
    const { record, events } = await ask(alias, { scripts });
    expect(record).toMatchObject({
      code: 'upstream_validation',
      fallbacks: 1,
      attempts: 2,
      servedModelId: sonnet.model,
    });
    expect(events('route.attempt')).toHaveLength(1);
  });

  it('has what failed before the deadline, or before the client left', async () => {
    const scripts = { [opus.model]: breaks, [sonnet.model]: { hangs: true } };
    const limits = { deadlineMarginMs: 0 };
    const late = await ask(alias, { scripts, body: stream, remainingMs: 2_200, limits });
    expect(late.record).toMatchObject({ code: 'deadline_exceeded', fallbacks: 1, attempts: 3 });
    expect(late.settled[0]?.[1].failed).toMatchObject([{ usage: { inputTokens: 7 } }]);
    const caller = new AbortController();
    const leave: InlineScript = {
      steps: [
        () => {
          setTimeout(() => caller.abort(), 0);
          return hang();
        },
      ],
    };
    const left = await ask(alias, {
      scripts: { ...scripts, [sonnet.model]: leave },
      body: stream,
      signal: caller.signal,
    });
    expect(left.record).toMatchObject({ code: 'client_closed', fallbacks: 1, attempts: 3 });
    expect(left.settled[0]?.[1].failed).toHaveLength(1);
  });

  it('counts a target once that took too long for the whole call', async () => {
    const scripts = { [opus.model]: refuses('throttled'), [sonnet.model]: { hangs: true } };
    const { record, events } = await ask(alias, { scripts, body: stream, limits: { firstEventTimeoutMs: 20 } });
    expect(record).toMatchObject({ code: 'upstream_timeout', fallbacks: 2, attempts: 2 });
    expect(events('route.attempt')).toMatchObject([{ code: 'throttled' }, { code: 'upstream_timeout' }]);
  });

  it('has a failure in mid-stream as that of the target that served', async () => {
    const scripts = {
      [opus.model]: refuses('throttled'),
      [sonnet.model]: { steps: [start, text, new ProxyError('upstream_error')] },
    };
    const { record } = await ask(alias, { scripts, body: stream });
    expect(record).toMatchObject({
      ...{ code: 'upstream_error', fallbacks: 1, attempts: 2, servedModelId: sonnet.model, inputTokens: 7 },
      ...{ status: 200, terminal: 'error' },
    });
  });

  it('has nothing of a chain for a plain id', async () => {
    const { record, calls, answer } = await ask(alias, { body: { modelId: sonnet.model } });
    expect(calls[0]?.modelId).toBe(sonnet.model);
    for (const field of ['servedModelId', 'servedRegion', 'fallbacks']) expect(record).not.toHaveProperty(field);
    expect((answer as BufferedAnswer).headers).not.toHaveProperty('x-served-model');
  });
});

it('an answer whose head left before its first content names no target', async () => {
  let onHead = () => {};
  const head = new Promise<void>((resolve) => {
    onHead = resolve;
  });
  const scripts = { [opus.model]: { steps: [start, () => head, new ProxyError('upstream_error')] } };
  const asked = { scripts, body: { stream: true }, limits: { headWaitMs: 5 }, onHead };
  const { answer, text: body, record } = await ask({ targets: [opus, sonnet] }, asked);
  expect(answer.headers).not.toHaveProperty('x-served-model');
  expect(body).toBe(': ping\n\ndata: {"content":"Hi"}\n\ndata: [DONE]\n\n');
  expect(record).toMatchObject({ servedModelId: sonnet.model, fallbacks: 1 });
});
