import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { AccessPolicy } from '../access/access-policy.js';
import { bearerTokens } from '../access/known-tokens.js';
import { ProxyError } from '../errors/proxy-error.js';
import { inlineInvoker } from '../ports/inline-invoker.test-helper.js';
import { createProxy, type ProxyOptions } from '../proxy/create-proxy.js';
import type { Delivery } from './http-answer.js';
import type { HttpRequest } from './http-request.js';
import { serve } from './serve.js';

// Imported once beforehand: an import cannot end while the clock stands still.
beforeAll(() => import('../dialects/native/native-codec.js'));
afterEach(() => void vi.useRealTimers());

const meta = { attempts: 2, upstreamRequestId: 'up-1' };
const delta = { type: 'content_block_delta', delta: { type: 'text_delta', text: 'secret answer' } };
const message = {
  ...{ type: 'message', role: 'assistant', content: [{ type: 'text', text: 'secret answer' }] },
  ...{ stop_reason: 'end_turn', usage: { input_tokens: 3, output_tokens: 5 } },
};

const model = () =>
  inlineInvoker({
    answer: message,
    steps: [
      delta,
      { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 5 } },
      { type: 'message_stop' },
    ],
    meta,
  });
const broken = (refusal: unknown) => inlineInvoker({ refusal });

interface Scene extends Partial<Omit<ProxyOptions, 'logger'>> {
  readonly request?: Partial<HttpRequest>;
  readonly delivery?: Partial<Delivery>;
  /** How many pieces are read before the answer is closed; all by default. */
  readonly reads?: number;
  /** The time before the answer is closed. */
  readonly closesAfterMs?: number;
}

/** Answers one request, reads the answer and closes it; gives the log. */
async function play({ request, delivery, reads = Infinity, closesAfterMs, ...options }: Scene = {}) {
  const lines: ({ level: string; event: string } & Record<string, unknown>)[] = [];
  const log = (level: string) => (fields: object) => void lines.push({ level, event: '', ...fields });
  const logger = { info: log('info'), warn: log('warn'), error: log('error') };
  const access: AccessPolicy = () => ({ allow: true, principal: 'team-a' });
  const proxy = createProxy({ invoker: model(), access, logger, ...options });
  const answer = await serve(proxy, {
    ...{ front: 'test', requestId: 'r-1', method: 'POST', path: '/', headers: {}, sourceIp: '192.0.2.1' },
    ...{ body: '{"modelId":"a.b","stream":true,"prompt":"secret prompt"}', signal: new AbortController().signal },
    ...request,
  });
  const { body } = answer;
  if (typeof body !== 'string' && !(body instanceof Uint8Array)) {
    let left = reads;
    if (left > 0) for await (const _ of body) if (--left === 0) break;
  }
  if (closesAfterMs !== undefined) await new Promise((resolve) => setTimeout(resolve, closesAfterMs));
  await answer.close({ bytesOut: 42, ...delivery });
  await answer.close({ bytesOut: 0 });
  return { lines, body, ends: lines.filter(({ event }) => event === 'request.end') };
}

const post = { front: 'test', requestId: 'r-1', sourceIp: '192.0.2.1', durationMs: expect.any(Number), bytesOut: 42 };
const dialect = 'native';
const asked = {
  ...{ ...post, level: 'info', event: 'request.end', principal: 'team-a' },
  ...{ dialect, operation: 'invoke-model', modelId: 'a.b' },
};

describe('the line of a request', () => {
  it('tells all of a stream, and nothing of what was said', async () => {
    const { lines } = await play();
    expect(lines).toEqual([
      {
        ...{ ...asked, stream: true, status: 200, terminal: 'done', attempts: 2 },
        ...{ firstTextMs: expect.any(Number), outputTokens: 5, stopReason: 'end_turn' },
      },
    ]);
    expect(JSON.stringify(lines)).not.toContain('secret');
  });

  it('tells all of an answer that was not streamed', async () => {
    const { lines } = await play({ request: { body: '{"modelId":"a.b"}' } });
    expect(lines).toEqual([
      {
        ...{ ...asked, stream: false, status: 200, terminal: 'none', attempts: 2 },
        ...{ inputTokens: 3, outputTokens: 5, stopReason: 'end_turn' },
      },
    ]);
    expect(JSON.stringify(lines)).not.toContain('secret');
  });

  it.each<[string, Scene, object]>([
    ['a preflight', { request: { method: 'OPTIONS' } }, { status: 204 }],
    ['a health check', { request: { method: 'GET', path: '/health' } }, { status: 200 }],
    ['a reserved path', { request: { path: '/v1' } }, { dialect: 'openai', status: 404, code: 'not_found' }],
    ['another method', { request: { method: 'GET' } }, { dialect, status: 405, code: 'method_not_allowed' }],
    [
      'a caller who is not let in',
      { access: () => ({ allow: false, code: 'invalid_token' }) },
      { dialect, status: 401, code: 'invalid_token' },
    ],
  ])('says that nobody was let in for %s', async (_name, scene, expected) => {
    const { ends } = await play(scene);
    expect(ends).toEqual([
      { ...post, level: 'info', event: 'request.end', principal: null, terminal: 'none', attempts: 0, ...expected },
    ]);
  });

  it('states why a token was refused on a line of its own, and not to the client', async () => {
    const { lines, body } = await play({
      request: { headers: { authorization: ['Bearer the-token-sent'] } },
      access: bearerTokens([{ id: 'a', token: 'the-token-sent', expiresAt: '2020-01-01' }]),
    });
    expect(lines).toEqual([
      { level: 'warn', event: 'request.error', requestId: 'r-1', code: 'invalid_token', reason: 'expired' },
      expect.objectContaining({ event: 'request.end', code: 'invalid_token' }),
    ]);
    expect(body).not.toContain('expired');
    expect(JSON.stringify(lines)).not.toContain('the-token-sent');
  });

  it('never writes a reason that is not a known word', async () => {
    const access = (() => ({
      allow: false,
      code: 'invalid_token',
      reason: 'the-token-sent',
    })) as unknown as AccessPolicy;
    const { lines } = await play({ access });
    expect(lines.map(({ event }) => event)).toEqual(['request.end']);
  });

  it('does not state the reason of a denial that came after another failure', async () => {
    const access: AccessPolicy = () =>
      new Promise((resolve) => setTimeout(resolve, 30, { allow: false, code: 'invalid_token', reason: 'expired' }));
    const { lines } = await play({ access, request: { remainingMs: 2_010 }, closesAfterMs: 60 });
    expect(lines.filter(({ event }) => event !== 'invocation.short')).toEqual([
      expect.objectContaining({ event: 'request.end', code: 'deadline_exceeded' }),
    ]);
  });

  it('says who asked, and not for what, where the body cannot be read', async () => {
    const { ends } = await play({ request: { body: 'secret' } });
    expect(ends).toEqual([
      {
        ...{ ...post, level: 'info', event: 'request.end', principal: 'team-a', terminal: 'none', attempts: 0 },
        ...{ dialect, status: 400, code: 'invalid_json' },
      },
    ]);
  });

  it('has no more of a sentence that may quote the request than the client is shown', async () => {
    const prompt = 'secret prompt '.repeat(1_000);
    for (const code of ['upstream_validation', 'model_not_found'] as const) {
      const cause = Object.assign(new Error(`max_tokens is wrong in ${prompt}`), { name: 'ValidationException' });
      const upstream = { name: 'ValidationException', status: 400, originalMessage: `max_tokens 9 ${prompt}` };
      const error = new ProxyError(code, { message: 'max_tokens is wrong in [text]', cause, meta, upstream });
      const [line] = (await play({ invoker: broken(error) })).lines;
      expect(line).toEqual({
        ...{ level: 'warn', event: 'request.error', requestId: 'r-1', code, upstreamRequestId: 'up-1' },
        originalMessage: expect.stringMatching(/^max_tokens 9 /),
        cause: { name: 'ValidationException', message: 'max_tokens is wrong in [text]' },
      });
      expect(String(line?.['originalMessage']).length).toBeLessThanOrEqual(600);
    }
  });

  it('has what the model told its host, cut and without credentials', async () => {
    const upstream = {
      ...{ name: 'ModelErrorException', status: 424, originalStatusCode: 500, resourceName: 'arn:aws:x' },
      originalMessage: `Authorization: Basic dXNlcjpwYXNz ${'word '.repeat(1_000)}`,
    };
    const cause = new Error('x'.repeat(10_000));
    const error = new ProxyError('upstream_error', { cause, meta, upstream });
    const [line] = (await play({ invoker: broken(error) })).lines;
    expect(line).toMatchObject({
      ...{ level: 'error', event: 'request.error', originalStatusCode: 500, resourceName: 'arn:aws:x' },
      originalMessage: expect.stringMatching(/^Authorization: \[secret\] word /),
      cause: { message: 'x'.repeat(2_048) },
    });
    expect(String(line?.['originalMessage']).length).toBeLessThanOrEqual(2_048);
  });

  it('counts the attempts of a refusal, and says what lay behind it on a line of its own', async () => {
    const error = new ProxyError('upstream_denied', { cause: new Error('arn:aws:iam::1:role/x'), meta });
    const { lines } = await play({ invoker: broken(error) });
    expect(lines).toEqual([
      {
        ...{ level: 'error', event: 'request.error', requestId: 'r-1', code: 'upstream_denied' },
        upstreamRequestId: 'up-1',
        cause: expect.objectContaining({ message: 'arn:aws:iam::1:role/x' }),
      },
      { ...asked, stream: true, status: 502, code: 'upstream_denied', terminal: 'error', attempts: 2 },
    ]);
  });

  it.each([
    ['upstream_validation', 'warn'],
    ['throttled', 'warn'],
    ['upstream_error', 'error'],
  ] as const)('raises no alarm for what the client can mend: %s is told at %s', async (code, level) => {
    const { lines } = await play({ invoker: broken(new ProxyError(code, { cause: new Error('why'), meta })) });
    expect(lines[0]).toMatchObject({ level, event: 'request.error', code });
  });

  it('names the id that the host gave to an answer which broke off without a word', async () => {
    const { lines } = await play({ invoker: inlineInvoker({ steps: [delta], meta }) });
    expect(lines).toEqual([
      {
        ...{ level: 'error', event: 'request.error', requestId: 'r-1', code: 'upstream_truncated' },
        upstreamRequestId: 'up-1',
      },
      expect.objectContaining({ event: 'request.end', code: 'upstream_truncated' }),
    ]);
  });

  it('says nothing more of a failure that has neither a cause nor such an id', async () => {
    const { lines } = await play({ invoker: broken(new ProxyError('upstream_timeout', { meta: { attempts: 1 } })) });
    expect(lines).toEqual([expect.objectContaining({ event: 'request.end', code: 'upstream_timeout' })]);
  });

  it('does the same for an answer that was not to be streamed', async () => {
    const invoker = broken(new ProxyError('throttled', { meta }));
    const { ends } = await play({ invoker, request: { body: '{"modelId":"a.b"}' } });
    expect(ends).toEqual([{ ...asked, stream: false, status: 429, code: 'throttled', terminal: 'none', attempts: 2 }]);
  });

  it('says that the client left, where it did before the end, and the model call is given up', async () => {
    const invoker = model();
    const { ends } = await play({ invoker, reads: 1, delivery: { clientLeft: true } });
    expect(invoker.calls[0]?.signal.aborted).toBe(true);
    expect(ends).toMatchObject([{ status: 200, code: 'client_closed', terminal: 'none', attempts: 2 }]);
  });

  it('keeps the end of a stream, and the code of a refusal, that the client did not stay for', async () => {
    const left = { delivery: { clientLeft: true } };
    expect((await play(left)).ends).toMatchObject([{ terminal: 'done' }]);
    expect((await play(left)).ends[0]).not.toHaveProperty('code');
    expect((await play({ ...left, request: { path: '/v1' } })).ends).toMatchObject([{ code: 'not_found' }]);
  });

  it('is written once, and an answer is given even where it cannot be', async () => {
    expect((await play()).ends).toHaveLength(1);
    const fail = () => {
      throw new Error('disk full');
    };
    const seen = vi.fn();
    const logger = { info: fail, warn: fail, error: fail };
    const proxy = createProxy({
      invoker: model(),
      access: () => ({ allow: true, principal: 'a' }),
      logger,
      onRequestEnd: seen,
    });
    const { signal } = new AbortController();
    const answer = await serve(proxy, {
      ...{ front: 'test', requestId: 'r', method: 'GET', path: '/health', headers: {}, signal, remainingMs: 1 },
    });
    await answer.close({ bytesOut: 1 });
    expect(seen).toHaveBeenCalledOnce();
  });

  it('is followed by an observer that may take its time where the client has its answer', async () => {
    vi.useFakeTimers();
    const played = play({ onRequestEnd: () => new Promise((resolve) => setTimeout(resolve, 9_000)) });
    await vi.advanceTimersByTimeAsync(9_000);
    vi.useRealTimers();
    expect((await played).lines.map(({ event }) => event)).toEqual(['request.end']);
  });

  const never = () => new Promise<void>(() => {});
  const slowSettle: AccessPolicy = () => ({ allow: true, principal: 'a', settle: never });

  it.each([
    ['an observer', { onRequestEnd: never, observerTimeoutMs: 40 }],
    ['a settle', { access: slowSettle, settleTimeoutMs: 40 }],
  ] satisfies [string, Scene][])(
    'waits for %s no longer than its proxy allows while the client waits',
    async (_, scene) => {
      vi.useFakeTimers();
      const played = play({ ...scene, delivery: { clientWaits: true } });
      const closed = vi.fn();
      void played.then(closed);
      await vi.advanceTimersByTimeAsync(39);
      expect(closed).not.toHaveBeenCalled();
      await vi.advanceTimersByTimeAsync(1);
      expect((await played).lines.map(({ event }) => event)).toEqual(['request.end', 'observer.slow']);
    },
  );

  it('comes with a record for the observer and the counts for the policy, each told once', async () => {
    const [onRequestEnd, settle] = [vi.fn(), vi.fn()];
    await play({ onRequestEnd, access: () => ({ allow: true, principal: 'a', settle }) });
    expect(settle).toHaveBeenCalledExactlyOnceWith(
      { outputTokens: 5 },
      { accepted: true, complete: true, textLength: 13 },
    );
    expect(onRequestEnd).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ requestId: 'r-1', status: 200, upstreamRequestId: 'up-1', outputTokens: 5 }),
    );
  });
});
