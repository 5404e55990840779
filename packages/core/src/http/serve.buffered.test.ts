import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allowAnonymous } from '../access/allow-anonymous.js';
import type { Piece } from '../dialects/dialect.js';
import { ProxyError } from '../errors/proxy-error.js';
import { hang, inlineInvoker } from '../ports/inline-invoker.test-helper.js';
import type { ModelInvoker } from '../ports/model-invoker.js';
import { createProxy } from '../proxy/create-proxy.js';
import type { RequestRecord } from '../telemetry/request-record.js';
import { serve } from './serve.js';

const delta = (text: string) => ({ type: 'content_block_delta', delta: { type: 'text_delta', text } });
const stop = { type: 'message_stop' };
/** Much cheaper to make than the unit 'binary' of fast-check. */
const anyCharacter = fc.integer({ min: 0, max: 0x10ffff }).map((code) => String.fromCodePoint(code));

const streaming = (...steps: readonly unknown[]) => inlineInvoker({ steps });

interface Options {
  readonly stream?: boolean;
  readonly maxArrayBytes?: number;
  readonly maxWholeBytes?: number;
  readonly size?: (piece: Piece) => number;
  readonly signal?: AbortSignal;
}

async function ask(invoker: ModelInvoker, options: Options = {}) {
  const {
    stream = true,
    maxArrayBytes = 100_000,
    maxWholeBytes = 100_000,
    size = Buffer.byteLength as (piece: Piece) => number,
    signal = new AbortController().signal,
  } = options;
  const records: RequestRecord[] = [];
  const proxy = createProxy({
    ...{ invoker, access: allowAnonymous(), logger: { info() {}, warn() {}, error() {} } },
    onRequestEnd: (record) => void records.push(record),
  });
  const request = { front: 'test', requestId: 'r-1', method: 'POST', path: '/', headers: {}, signal };
  const body = JSON.stringify({ modelId: 'a.b', stream });
  const answer = await serve(
    proxy,
    { ...request, body },
    { buffered: { fits: (whole) => whole.body.length <= maxWholeBytes, maxBodyBytes: maxArrayBytes, size } },
  );
  await answer.close({ bytesOut: 1 });
  return { status: answer.status, headers: answer.headers, body: answer.body.toString(), record: records[0] };
}

describe('a streamed answer in one piece', () => {
  it('is an array of its pieces of text and one end', async () => {
    expect(await ask(streaming({ type: 'message_start' }, delta('Hel'), delta('lo'), stop))).toMatchObject({
      status: 200,
      headers: {
        ...{ 'content-type': 'application/json', 'cache-control': 'no-store' },
        ...{ 'x-request-id': 'r-1', 'access-control-allow-origin': '*' },
      },
      body: '[{"content":"Hel"},{"content":"lo"},{"done":true}]',
      record: { status: 200, terminal: 'done', firstTextMs: expect.any(Number) },
    });
  });

  it('is an end alone where the model had nothing to say', async () => {
    expect((await ask(streaming(stop))).body).toBe('[{"done":true}]');
  });

  it.each([
    ['throttled', 429, '1'],
    ['upstream_unavailable', 503, '1'],
    ['upstream_error', 502, undefined],
  ] as const)(
    'keeps its text, ends in the error and has its status where it breaks off: %s',
    async (code, status, wait) => {
      const answer = await ask(streaming(delta('Hel'), new ProxyError(code)));
      expect(answer.status).toBe(status);
      expect(answer.headers).toMatchObject({ 'content-type': 'application/json' });
      expect(answer.headers['retry-after']).toBe(wait);
      expect('retry-after' in answer.headers).toBe(wait !== undefined);
      expect(JSON.parse(answer.body)).toEqual([
        { content: 'Hel' },
        { error: { code, message: expect.any(String), requestId: 'r-1', retryable: true } },
      ]);
      expect(answer.record).toMatchObject({ status, code, terminal: 'error' });
    },
  );

  it('is a plain error where it fails before its first event', async () => {
    const answer = await ask(streaming(new ProxyError('model_not_ready')));
    expect(answer).toMatchObject({
      status: 503,
      headers: { 'content-type': 'application/json; charset=utf-8', 'retry-after': '10' },
      record: { terminal: 'error', code: 'model_not_ready' },
    });
    expect(JSON.parse(answer.body)).toHaveProperty('error.code', 'model_not_ready');
  });

  it('says what the model host said of its error', async () => {
    const error = new ProxyError('upstream_validation', { message: 'max_tokens is too large.' });
    expect(JSON.parse((await ask(streaming(delta('a'), error))).body).at(-1)).toHaveProperty(
      'error.message',
      'max_tokens is too large.',
    );
  });

  it('gives up the call of a model that failed, and has nothing to give up where it was read to its end', async () => {
    const failing = streaming(delta('a'), {
      type: 'error',
      error: { type: 'overloaded_error', message: 'Overloaded' },
    });
    await ask(failing);
    expect(failing.calls[0]?.signal.aborted).toBe(true);
    const whole = streaming(delta('a'), stop);
    await ask(whole);
    expect(whole.calls[0]?.signal.aborted).toBe(false);
  });

  it('is no answer where its client left in the middle', async () => {
    const client = new AbortController();
    const leave = () => client.abort();
    expect(await ask(streaming(delta('a'), leave, hang), { signal: client.signal })).toMatchObject({
      status: 499,
      record: { code: 'client_closed', terminal: 'none' },
    });
  });
});

describe('an answer that grows too large', () => {
  it('keeps what fits, ends in the error and gives the model call up', async () => {
    const model = streaming(delta('a'.repeat(3_000)), delta('b'.repeat(3_000)), delta('c'.repeat(3_000)), stop);
    const answer = await ask(model, { maxArrayBytes: 10_150, maxWholeBytes: 0 });
    expect(answer.status).toBe(502);
    expect(JSON.parse(answer.body).map((item: object) => Object.keys(item)[0])).toEqual([
      'content',
      'content',
      'error',
    ]);
    expect(answer.record).toMatchObject({ code: 'response_too_large', terminal: 'error' });
    expect(model.calls[0]?.signal.aborted).toBe(true);
  });

  it('never passes the limit, its closing error included, however its front counts', async () => {
    const escaped = (piece: Piece) => Buffer.byteLength(JSON.stringify(piece)) - 2;
    const text = fc.string({
      unit: fc.constantFrom('a', '"', '\\', '\u0001', 'é', '😀', '\n'),
      minLength: 200,
      maxLength: 900,
    });
    const message = fc.oneof(fc.constant('short'), fc.string({ unit: anyCharacter, minLength: 500, maxLength: 6_000 }));
    await fc.assert(
      fc.asyncProperty(fc.array(text, { maxLength: 20 }), message, fc.boolean(), async (texts, words, fails) => {
        const end = fails ? new ProxyError('upstream_validation', { message: words }) : stop;
        const answer = await ask(streaming({ type: 'ping' }, ...texts.map(delta), end), {
          maxArrayBytes: 9_000,
          size: escaped,
        });
        expect(escaped(answer.body)).toBeLessThanOrEqual(9_000);
        const items = JSON.parse(answer.body);
        expect('error' in items.at(-1)).toBe(answer.status !== 200);
        expect(
          texts.join('').startsWith(
            items
              .slice(0, -1)
              .map(({ content = '' }) => content)
              .join(''),
          ),
        ).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  it('is refused whole where it was not streamed, and sent up to the limit', async () => {
    const body = Buffer.from('"abc"');
    expect(
      await ask(inlineInvoker({ answer: body }), { stream: false, maxWholeBytes: 5, maxArrayBytes: 0 }),
    ).toMatchObject({
      status: 200,
      body: '"abc"',
    });
    expect(await ask(inlineInvoker({ answer: body }), { stream: false, maxWholeBytes: 4 })).toMatchObject({
      status: 502,
      body: expect.stringContaining('"code":"response_too_large"'),
      record: { terminal: 'none' },
    });
  });
});
