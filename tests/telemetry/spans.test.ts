import { invokeModel, streamModel } from '@bedrock-proxy/core';
import { type BedrockEmulator, faultModelId, startBedrockEmulator } from '@bedrock-proxy/testing/emulator';
import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { TracerProvider } from '@opentelemetry/sdk-trace';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bedrockAt, recordSpans, startTracedProxy } from './traced-proxy.ts';

const claude = 'anthropic.claude-sonnet-4-6';
const canary = 'canary-of-the-prompt';
const payload = {
  anthropic_version: 'bedrock-2023-05-31',
  max_tokens: 50,
  messages: [{ role: 'user', content: canary }],
  tools: [{ name: 'canary_tool', input_schema: { type: 'object' } }],
};
const ask = (modelId: string, stream = true) => ({ modelId, stream, ...payload });

let emulator: BedrockEmulator;
beforeAll(async () => {
  emulator = await startBedrockEmulator({ paceMs: 0 });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
});
afterAll(async () => {
  context.disable();
  await emulator.close();
});

const host = () => ({ 'server.address': '127.0.0.1', 'server.port': emulator.port });

describe('the span of a call', () => {
  it('has the attributes of the table, and no more', async () => {
    const guardrail = { id: 'abc123', version: '1' };
    const { ask: send, spans } = startTracedProxy(emulator.url, { callOptions: { guardrail } });
    await send({ body: ask(claude), headers: { authorization: ['Bearer canary-token'], 'x-canary': ['canary'] } });
    const [span] = spans;
    expect(spans).toHaveLength(1);
    expect({ name: span?.name, kind: span?.kind, status: span?.status, events: span?.events }).toEqual({
      ...{ name: `chat ${claude}`, kind: 2, status: { code: 0 }, events: [] },
    });
    expect(span?.attributes).toEqual({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'aws.bedrock',
      'gen_ai.request.model': claude,
      'gen_ai.request.stream': true,
      ...host(),
      'aws.bedrock.guardrail.id': 'abc123',
      'gen_ai.usage.input_tokens': expect.any(Number),
      'gen_ai.usage.output_tokens': expect.any(Number),
      'gen_ai.response.finish_reasons': [expect.stringMatching(/^[a-z_]+$/)],
      'gen_ai.response.time_to_first_chunk': expect.any(Number),
      'aws.request_id': expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(JSON.stringify(span?.attributes)).not.toContain('canary');
  });

  it('counts cached tokens as input', async () => {
    const { ask: send, spans } = startTracedProxy(emulator.url);
    const text = 'A long prompt that is kept. '.repeat(200);
    const content = [{ type: 'text', text, cache_control: { type: 'ephemeral' } }];
    const body = { ...ask(claude, false), messages: [{ role: 'user', content }] };
    await send({ body });
    await send({ body });
    const [written, read] = spans.map(({ attributes }) => attributes);
    expect(written?.['gen_ai.usage.cache_creation.input_tokens']).toBeGreaterThan(1_000);
    expect(read?.['gen_ai.usage.cache_read.input_tokens']).toBeGreaterThan(1_000);
    for (const attributes of [written, read]) {
      expect(attributes?.['gen_ai.usage.input_tokens']).toBeGreaterThan(1_000);
      expect(attributes).not.toHaveProperty('gen_ai.request.stream');
      expect(attributes).not.toHaveProperty('gen_ai.response.time_to_first_chunk');
    }
  });

  it.each([
    ['chat', { path: '/v1/chat/completions', body: { model: claude, messages: [{ role: 'user', content: 'a' }] } }],
    ['text_completion', { body: { modelId: 'meta.llama3-8b-instruct-v1:0', prompt: 'messages' } }],
    ['embeddings', { path: '/v1/embeddings', body: { model: 'amazon.titan-embed-text-v2:0', input: ['a', 'b'] } }],
  ])('is one of %s for a whole request', async (operation, request) => {
    const { ask: send, spans } = startTracedProxy(emulator.url);
    expect((await send(request)).status).toBe(200);
    expect(spans.map(({ attributes }) => attributes['gen_ai.operation.name'])).toEqual([operation]);
  });

  it('has the id that an alias stands for', async () => {
    const { ask: send, spans } = startTracedProxy(emulator.url, { aliases: { fast: claude } });
    await send({ body: ask('fast') });
    expect(spans.map(({ name }) => name)).toEqual([`chat ${claude}`]);
  });
});

const limits = { firstEventTimeoutMs: 150, idleTimeoutMs: 150 };

interface Circumstances {
  readonly limits?: typeof limits;
  readonly remainingMs?: number;
}

describe('a call that fails has one span with its code', () => {
  it.each([
    ['a refusal', faultModelId('http-429'), true, 'throttled', {}],
    ['a refusal of a whole answer', faultModelId('http-400'), false, 'upstream_validation', {}],
    ['an early failure', faultModelId('throttling-exception', 'first-frame'), true, 'throttled', {}],
    ['a cut', faultModelId('connection-reset', 'middle'), true, 'upstream_truncated', {}],
    ['an exception after the text', faultModelId('model-stream-error-exception'), true, 'upstream_error', {}],
    ['a silent model', faultModelId('silence'), true, 'upstream_timeout', { limits }],
    ['a stream that stalls', faultModelId('stall', 'middle'), true, 'upstream_timeout', { limits }],
    ['a deadline', faultModelId('silence'), true, 'deadline_exceeded', { remainingMs: 2_060 }],
  ] as const)('%s', async (_, modelId, stream, code, { limits: shortLimits, ...request }: Circumstances) => {
    const { ask: send, spans } = startTracedProxy(emulator.url, shortLimits && { limits: shortLimits });
    await send({ body: ask(modelId, stream), ...request });
    expect(spans).toHaveLength(1);
    expect(spans[0]?.status).toEqual({ code: 2 });
    expect(spans[0]?.attributes).toMatchObject({ 'error.type': code });
    expect(spans[0]?.events).toEqual([]);
  });

  it('a client that leaves', async () => {
    const { ask: send, spans } = startTracedProxy(emulator.url);
    await send({ body: ask(faultModelId('stall', 'middle')), leaves: new AbortController() });
    expect(spans.map(({ attributes }) => attributes['error.type'])).toEqual(['client_closed']);
    expect(spans[0]?.attributes).toHaveProperty('gen_ai.response.time_to_first_chunk');
  });
});

describe('no span', () => {
  const denied = (code: 'missing_token' | 'ip_not_allowed') => () => ({ allow: false, code }) as const;

  it.each([
    ['a caller without a token', { access: denied('missing_token') }, { body: ask(claude) }, 401],
    ['a caller at a wrong address', { access: denied('ip_not_allowed') }, { body: ask(claude) }, 403],
    [
      'a model that is not allowed',
      { access: () => ({ allow: true, principal: 'a', permitsModel: () => false }) as const },
      { body: ask(claude) },
      403,
    ],
    ['a request that is not valid', {}, { body: {} }, 400],
    ['a count', {}, { path: '/v1/messages/count_tokens', body: { model: claude, messages: payload.messages } }, 200],
    ['a list', {}, { path: '/v1/models', method: 'GET' }, 200],
    ['a health check', {}, { path: '/health', method: 'GET' }, 200],
  ])('has %s', async (_, options, request, status) => {
    const { ask: send, spans } = startTracedProxy(emulator.url, options);
    expect((await send(request)).status).toBe(status);
    expect(spans).toEqual([]);
  });
});

it('two requests at once have the parents of their own contexts', async () => {
  const { ask: send, spans } = startTracedProxy(emulator.url);
  const parents = new TracerProvider().getTracer('test');
  const within = async (name: string, modelId: string) => {
    const parent = parents.startSpan(name);
    await context.with(trace.setSpan(context.active(), parent), () => send({ body: ask(modelId) }));
    return [`chat ${modelId}`, parent.spanContext().spanId];
  };
  const ids = ['anthropic.claude-sonnet-4-6', 'us.anthropic.claude-sonnet-4-6'];
  const expected = await Promise.all(ids.map((id, index) => within(`parent ${index}`, id)));
  const found = spans.map(({ name, parentSpanContext }) => [name, parentSpanContext?.spanId]);
  expect(Object.fromEntries(found)).toEqual(Object.fromEntries(expected));
});

describe('a tracer that throws', () => {
  const broken = () => {
    throw new Error('broken tracer');
  };
  const span = { firstChunk: broken, end: broken };

  it.each([
    ['at the start', { startCall: broken }, 1],
    ['within the call', { startCall: () => span }, 2],
    ['as it is loaded', async () => broken(), 1],
  ] as const)('%s is logged, and no client sees it', async (_, tracer, times) => {
    const { ask: send, lines } = startTracedProxy(emulator.url, { tracer });
    const { status, text } = await send({ body: ask(claude) });
    expect(status).toBe(200);
    expect(text).toMatch(/data: \[DONE\]\n\n$/);
    const failures = lines.filter(({ event }) => event === 'observer.failed');
    expect(failures).toHaveLength(times);
    for (const failure of failures) expect(failure).toMatchObject({ observer: 'tracer' });
  });

  it('is of no concern to a program', async () => {
    const input = { modelId: claude, payload };
    for (const tracer of [{ startCall: broken }, { startCall: () => span }]) {
      expect((await streamModel(bedrockAt(emulator.url), input, { tracer }).collect()).text).not.toBe('');
      expect((await invokeModel(bedrockAt(emulator.url), input, { tracer })).body.length).toBeGreaterThan(0);
    }
  });
});

describe('a call of a program', () => {
  const input = { modelId: claude, payload };

  it('has a span, streamed or not', async () => {
    const { spans, tracer } = recordSpans();
    await streamModel(bedrockAt(emulator.url), input, { tracer }).collect();
    await invokeModel(bedrockAt(emulator.url), input, { tracer });
    const [streamed, whole] = spans.map(({ attributes }) => attributes);
    expect(spans).toHaveLength(2);
    expect(streamed).toMatchObject({ 'gen_ai.request.stream': true, ...host(), 'gen_ai.usage.output_tokens': 50 });
    expect(whole).toMatchObject({ ...host(), 'gen_ai.usage.output_tokens': 50 });
    expect(streamed).toHaveProperty('gen_ai.response.time_to_first_chunk');
  });

  it('has one span if it fails, is left or is aborted', async () => {
    const { spans, tracer } = recordSpans();
    const invoker = bedrockAt(emulator.url);
    const refused = { modelId: faultModelId('http-429'), payload };
    await expect(streamModel(invoker, refused, { tracer }).collect()).rejects.toThrow();
    await expect(invokeModel(invoker, refused, { tracer })).rejects.toThrow();
    for await (const _ of streamModel(invoker, input, { tracer })) break;
    const signal = AbortSignal.timeout(50);
    const silent = { modelId: faultModelId('silence'), payload };
    await expect(streamModel(invoker, silent, { tracer, signal }).collect()).rejects.toThrow();
    expect(spans.map(({ attributes }) => attributes['error.type'])).toEqual([
      ...['throttled', 'throttled', 'client_closed', 'client_closed'],
    ]);
  });
});
