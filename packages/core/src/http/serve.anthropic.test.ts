import { describe, expect, it } from 'vitest';
import { modelAllowlist } from '../access/model-globs.js';
import { standardDialects } from '../dialects/standard-dialects.js';
import { ProxyError } from '../errors/proxy-error.js';
import type { ModelCall, ModelInvoker } from '../ports/model-invoker.js';
import { createProxy, type ProxyOptions } from '../proxy/create-proxy.js';
import type { BufferedAnswer } from './http-answer.js';
import { serve } from './serve.js';

const meta = { attempts: 1 };
const id = 'us.anthropic.claude-sonnet-5';
const body = { model: 'claude-sonnet-5', max_tokens: 5, messages: [] };
const beta = { 'anthropic-beta': ['effort-2025-11-24'] };

type Step = object | Error;

/** A model that answers its calls in turn: with an answer, a stream of chunks, or an error. */
function scripted(...answers: readonly (object | Error | readonly Step[])[]) {
  const calls: ModelCall[] = [];
  const next = (call: ModelCall) => {
    const answer = answers[calls.push(call) - 1];
    if (answer instanceof Error) throw answer;
    return answer ?? {};
  };
  const invoker: ModelInvoker = {
    async invoke(call) {
      return { body: Buffer.from(JSON.stringify(next(call))), contentType: 'application/json', meta };
    },
    async stream(call) {
      const steps = [next(call)].flat() as Step[];
      async function* batches() {
        for (const step of steps) {
          if (step instanceof Error) throw step;
          yield { chunks: [{ bytes: Buffer.from(JSON.stringify(step)) }] };
        }
      }
      return { contentType: 'application/json', meta, batches: batches() };
    },
  };
  return { invoker, calls };
}

interface Asked {
  readonly invoker: ModelInvoker;
  readonly path?: string;
  readonly method?: string;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, readonly string[]>>;
  readonly options?: Partial<ProxyOptions>;
}

/** Asks on a front that sends one piece. */
async function ask({
  invoker,
  path = '/v1/messages',
  method = 'POST',
  body: sent = body,
  headers = {},
  options,
}: Asked) {
  const lines: Record<string, unknown>[] = [];
  const logger = { info: (fields: object) => void lines.push({ ...fields }), warn() {}, error() {} };
  const proxy = createProxy({
    access: () => ({ allow: true, principal: 'team-a' }),
    dialects: standardDialects({ anthropic: { region: 'us-east-1' } }),
    ...{ invoker, logger, ...options },
  });
  const answer: BufferedAnswer = await serve(
    proxy,
    {
      ...{ front: 'test', requestId: 'r-1', method, path, headers, body: JSON.stringify(sent) },
      signal: new AbortController().signal,
    },
    { buffered: { fits: () => true, maxBodyBytes: 100_000, size: (piece) => piece.length } },
  );
  await answer.close({ bytesOut: 0 });
  return { status: answer.status, headers: answer.headers, text: Buffer.from(answer.body).toString(), line: lines[0] };
}

const start = { type: 'message_start', message: {} };
const delta = { type: 'message_delta', delta: { stop_reason: 'end_turn' } };
const stop = { type: 'message_stop' };
const events = (...chunks: readonly { readonly type: string }[]) =>
  chunks.map((chunk) => `event: ${chunk.type}\ndata: ${JSON.stringify(chunk)}\n\n`).join('');

describe('a message in one piece', () => {
  it('is the same text as a stream', async () => {
    const { invoker } = scripted([start, delta, stop, { 'amazon-bedrock-invocationMetrics': {} }]);
    const { status, headers, text, line } = await ask({ invoker, body: { ...body, stream: true } });
    expect({ status, text }).toEqual({ status: 200, text: events(start, delta, stop) });
    expect(headers).toMatchObject({ 'content-type': 'text/event-stream; charset=utf-8', 'request-id': 'r-1' });
    const fields = { dialect: 'anthropic', modelId: 'claude-sonnet-5', servedModelId: id, terminal: 'done' };
    expect(line).toMatchObject(fields);
  });

  it('is a plain error wherever its stream fails', async () => {
    for (const chunks of [[], [start], [start, delta, stop]]) {
      const { invoker } = scripted([...chunks, new ProxyError('throttled')]);
      const { status, headers, text } = await ask({ invoker, body: { ...body, stream: true } });
      expect({ status, type: JSON.parse(text).error.type }).toEqual({ status: 429, type: 'rate_limit_error' });
      expect(headers).toMatchObject({ 'retry-after': '1', 'x-should-retry': 'true', 'request-id': 'r-1' });
    }
  });

  it('is not an answer if the model is not Claude', async () => {
    const { invoker } = scripted([{ generation: 'x', stop_reason: 'stop' }]);
    const { status, line } = await ask({
      invoker,
      body: { ...body, model: 'arn:aws:bedrock:a:1:imported-model/x', stream: true },
    });
    expect(status).toBe(502);
    expect(line).toMatchObject({ code: 'unsupported_stream', terminal: 'error' });
  });
});

describe('a beta that the model refuses', () => {
  const refusal = new ProxyError('upstream_validation', { message: 'invalid beta flag' });

  it.each([false, true])('is left out of a second call: stream %s', async (stream) => {
    const { invoker, calls } = scripted(refusal, stream ? [start, delta, stop] : { type: 'message' });
    const { status, headers, line } = await ask({ invoker, body: { ...body, stream }, headers: beta });
    expect(status).toBe(200);
    expect(calls.map((call) => Buffer.from(call.body).includes('anthropic_beta'))).toEqual([true, false]);
    expect(headers['x-proxy-dropped']).toBe('anthropic-beta=effort-2025-11-24');
    expect(line).toMatchObject({ attempts: 2, dropped: 'anthropic-beta=effort-2025-11-24' });
  });

  it('is asked about once: what Bedrock says then is told', async () => {
    const second = new ProxyError('upstream_validation', { message: 'effort: Extra inputs are not permitted' });
    const { invoker, calls } = scripted(refusal, second);
    const { status, text } = await ask({ invoker, headers: beta });
    expect(status).toBe(400);
    expect(JSON.parse(text).error).toEqual({
      type: 'invalid_request_error',
      message: 'effort: Extra inputs are not permitted',
    });
    expect(calls).toHaveLength(2);
  });
});

describe('a count of tokens', () => {
  const path = '/v1/messages/count_tokens';

  it('is no use of the model: no limit applies, and none is recorded', async () => {
    const { invoker, calls } = scripted({ inputTokens: 7 });
    const reserve = () => ({ allow: false, code: 'budget_exceeded' }) as const;
    const options = { access: () => ({ allow: true, principal: 'team-a', reserve }) as const };
    const { status, text, line } = await ask({ invoker, path, options });
    expect({ status, text }).toEqual({ status: 200, text: '{"input_tokens":7}' });
    expect(calls[0]).toMatchObject({ operation: 'count-tokens', modelId: 'anthropic.claude-sonnet-5' });
    expect(line).not.toHaveProperty('inputTokens');
    expect((await ask({ invoker, options })).status).toBe(429);
  });

  it('is judged as a message is', async () => {
    const { invoker, calls } = scripted();
    const options = { access: modelAllowlist(['anthropic.*']) };
    expect((await ask({ invoker, path, options })).status).toBe(404);
    expect(calls).toEqual([]);
  });

  it('is marked where it is an estimate', async () => {
    const { invoker } = scripted(new ProxyError('model_not_found'));
    const { status, headers, line } = await ask({ invoker, path });
    expect({ status, mark: headers['x-proxy-estimate'] }).toEqual({ status: 200, mark: 'true' });
    expect(line).toMatchObject({ estimated: true, status: 200 });
    expect(line).not.toHaveProperty('code');
  });
});

describe('a refusal', () => {
  it.each([
    [{ body: { ...body, model: 'gpt-5' } }, 404, 'not_found_error', { code: 'model_not_found', modelId: 'gpt-5' }],
    [{ body: { ...body, model: 'claude-a/../b' } }, 400, 'invalid_request_error', { code: 'invalid_model' }],
    [{ headers: { 'x-amzn-bedrock-trace': ['ENABLED'] } }, 400, 'invalid_request_error', { code: 'invalid_request' }],
    [{ path: '/v1/messages/batches' }, 404, 'not_found_error', { code: 'not_found' }],
    [{ method: 'GET' }, 405, 'invalid_request_error', { code: 'method_not_allowed' }],
    [{ options: { access: modelAllowlist(['eu.*']) } }, 404, 'not_found_error', { code: 'model_not_allowed' }],
  ])('is in the form of the dialect, before the model is asked: %j', async (asked, status, type, fields) => {
    const { invoker, calls } = scripted();
    const { status: told, text, line } = await ask({ invoker, ...asked });
    expect({ told, type: JSON.parse(text).error.type }).toEqual({ told: status, type });
    expect(line).toMatchObject({ dialect: 'anthropic', ...fields });
    expect(calls).toEqual([]);
  });
});

it('notes the session of an agent', async () => {
  const headers = { 'x-claude-code-session-id': ['s-1'], 'x-claude-code-agent-id': ['a-1'] };
  const { line } = await ask({ invoker: scripted({}).invoker, headers });
  expect(line).toMatchObject({ sessionId: 's-1', agentId: 'a-1' });
});

it('lists models to a caller with credentials, and asks no model', async () => {
  const { invoker, calls } = scripted();
  const listed = { invoker, method: 'GET', path: '/v1/models', headers: { 'anthropic-version': ['2023-06-01'] } };
  expect(JSON.parse((await ask(listed)).text).data.length).toBeGreaterThan(5);
  const options = { access: () => ({ allow: false, code: 'missing_token' }) as const };
  expect((await ask({ ...listed, options })).status).toBe(401);
  expect(calls).toEqual([]);
});
