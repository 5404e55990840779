import { describe, expect, it } from 'vitest';
import { allowAnonymous } from '../access/allow-anonymous.js';
import { ipAllowlist } from '../access/ip-allowlist.js';
import type { Dialect, ParsedCall, Piece, StreamEncoder } from '../dialects/dialect.js';
import { ProxyError } from '../errors/proxy-error.js';
import { inlineInvoker } from '../ports/inline-invoker.test-helper.js';
import { createProxy, type ProxyOptions } from '../proxy/create-proxy.js';
import { ReaderGone } from '../stream/call-watch.js';
import type { EventBatch } from '../stream/open-stream.js';
import type { RequestRecord } from '../telemetry/request-record.js';
import { serve } from './serve.js';

const text = (value: string) => ({ type: 'content_block_delta', delta: { type: 'text_delta', text: value } });
const stop = { type: 'message_stop' };
const cut = new ProxyError('upstream_unavailable');

const plainEncoder: StreamEncoder = {
  ...{ headers: { 'content-type': 'text/x' }, waitsForFirst: false, onBufferedFailure: 'refuse' },
  open: () => '<',
  batch: ({ events }) => events.map((event) => (event.type === 'text-delta' ? event.text : '')).join(''),
  ping: () => '.',
  end: () => '>',
  fail: ({ code }) => `!${code}`,
};

function dialect(encoder: Partial<StreamEncoder> = {}, change: Partial<Dialect> = {}): Dialect {
  const parsed: ParsedCall = {
    ...{ operation: 'invoke-model', modelId: 'a.b', stream: true, bodies: () => [Buffer.from('{}')] },
    whole: () => ({ headers: {}, body: '' }),
    encoder: () => ({ ...plainEncoder, ...encoder }),
  };
  return {
    name: 'test',
    route: ({ path }) => (path === '/own' ? { kind: 'model', load: () => ({ parse: () => parsed }) } : undefined),
    refuse: ({ code }) => ({ status: 418, headers: { 'retry-after': '7' }, body: `refused ${code}` }),
    ...change,
  };
}

interface Scene extends Partial<ProxyOptions> {
  readonly steps?: readonly unknown[];
  readonly path?: string;
  readonly method?: string;
  readonly buffered?: { readonly maxBodyBytes: number };
}

async function ask(
  spoken: Dialect,
  { steps = [text('a'), stop], path = '/own', method = 'POST', buffered, ...options }: Scene = {},
) {
  const records: RequestRecord[] = [];
  const proxy = createProxy({
    ...{ invoker: inlineInvoker({ steps }), access: allowAnonymous(), logger: { info() {}, warn() {}, error() {} } },
    ...{ dialects: [spoken], onRequestEnd: (record) => void records.push(record), ...options },
  });
  const request = {
    ...{ front: 'test', requestId: 'r', method, path, headers: {}, sourceIp: '192.0.2.1' },
    signal: new AbortController().signal,
  };
  const size = (piece: Piece) => piece.length;
  const answer = buffered
    ? await serve(proxy, request, { buffered: { fits: () => true, size, ...buffered } })
    : await serve(proxy, request);
  const pieces: Piece[] = [];
  let escaped: unknown;
  try {
    if (typeof answer.body === 'string' || answer.body instanceof Uint8Array) pieces.push(answer.body);
    else for await (const piece of answer.body) pieces.push(piece);
  } catch (error) {
    escaped = error;
  }
  await answer.close({ bytesOut: 1 });
  const body = Buffer.concat(pieces.map((piece) => Buffer.from(piece))).toString();
  return { status: answer.status, headers: answer.headers, body, pieces, record: records[0], escaped };
}

describe('an error', () => {
  it.each([
    ['an address', { access: ipAllowlist(['10.0.0.0/8']) }, 'ip_not_allowed'],
    ['a credential', { access: () => ({ allow: false, code: 'missing_token' }) as const }, 'missing_token'],
    ['the model', { steps: [cut] }, 'upstream_unavailable'],
  ])('of %s is written by the dialect of the path', async (_, scene, code) => {
    expect(await ask(dialect(), scene)).toMatchObject({
      status: 418,
      body: `refused ${code}`,
      record: { dialect: 'test' },
    });
  });

  it('of a route is written by the dialect that throws it', async () => {
    const route = () => {
      throw new ProxyError('method_not_allowed');
    };
    expect(await ask(dialect({}, { route }))).toMatchObject({ body: 'refused method_not_allowed' });
  });

  it('on a path that no dialect has is written natively', async () => {
    const { status, body, record } = await ask(dialect(), { path: '/other' });
    expect(status).toBe(404);
    expect(JSON.parse(body)).toHaveProperty('error.code', 'not_found');
    expect(record).not.toHaveProperty('dialect');
  });

  it('that the dialect itself gives up to write is written natively, as it is', async () => {
    const refuse = () => {
      throw new ReaderGone('client_closed');
    };
    const { status, body } = await ask(dialect({}, { refuse }), { steps: [cut] });
    expect(status).toBe(503);
    expect(JSON.parse(body)).toHaveProperty('error.code', 'upstream_unavailable');
  });

  it('that the dialect itself fails to write is written natively, as internal', async () => {
    const refuse = () => {
      throw new Error('bug');
    };
    const { status, body, record } = await ask(dialect({}, { refuse }), { steps: [cut] });
    expect(status).toBe(500);
    expect(JSON.parse(body)).toHaveProperty('error.code', 'internal');
    expect(record).toMatchObject({ code: 'internal' });
  });
});

describe('a streamed answer', () => {
  it('has the headers and the pieces of the encoder', async () => {
    expect(await ask(dialect())).toMatchObject({ status: 200, headers: { 'content-type': 'text/x' }, body: '<a>' });
  });

  it('may be of bytes, and mixed', async () => {
    const batch = (read: EventBatch) => Buffer.from(plainEncoder.batch(read));
    const { pieces, body } = await ask(dialect({ batch }), { steps: [text('b'), stop] });
    expect(body).toBe('<b>');
    expect(pieces[0]).toBeInstanceOf(Uint8Array);
  });

  it('ends in the error if the encoder fails to open, or in the middle', async () => {
    const broken = () => {
      throw new Error('bug');
    };
    expect(await ask(dialect({ open: broken }))).toMatchObject({ body: '!internal', record: { code: 'internal' } });
    expect(await ask(dialect({ batch: broken }))).toMatchObject({ body: '<!internal', record: { terminal: 'error' } });
    expect(await ask(dialect({ end: broken }))).toMatchObject({ body: '<a!internal', record: { terminal: 'error' } });
  });
});

describe('an answer in one piece', () => {
  const buffered = { maxBodyBytes: 10_000 };

  it('is the pieces joined, of text or of bytes', async () => {
    expect(await ask(dialect(), { buffered })).toMatchObject({ status: 200, body: '<a>', pieces: ['<a>'] });
    const batch = ({ events }: EventBatch) => (events[0]?.type === 'text-delta' ? Uint8Array.of(0xff) : '');
    const mixed = await ask(dialect({ batch }), { buffered });
    expect(mixed.pieces).toEqual([Buffer.from([0x3c, 0xff, 0x3e])]);
  });

  it('that broke off is refused, appended to under 200, or appended to under the status of the error', async () => {
    const steps = [text('a'), cut];
    const ended = (onBufferedFailure: StreamEncoder['onBufferedFailure']) =>
      ask(dialect({ onBufferedFailure }), { steps, buffered });
    expect(await ended('refuse')).toMatchObject({ status: 418, body: 'refused upstream_unavailable' });
    const headers = { 'content-type': 'text/x', 'retry-after': '7' };
    expect(await ended({ append: 200 })).toMatchObject({ status: 200, headers, body: '<a!upstream_unavailable' });
    expect(await ended({ append: 'error-status' })).toMatchObject({
      status: 418,
      headers,
      body: '<a!upstream_unavailable',
    });
  });

  it('never passes the limit by its end', async () => {
    const end = () => 'x'.repeat(20_000);
    expect(await ask(dialect({ end }), { buffered })).toMatchObject({
      ...{ status: 418, body: 'refused response_too_large', record: { code: 'response_too_large', terminal: 'error' } },
    });
  });
});
