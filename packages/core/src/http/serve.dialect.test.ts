import { expect, it, vi } from 'vitest';
import { allowAnonymous } from '../access/allow-anonymous.js';
import type { Dialect, ParsedCall, Piece, StreamEncoder } from '../dialects/dialect.js';
import { ProxyError } from '../errors/proxy-error.js';
import { inlineInvoker } from '../ports/inline-invoker.test-helper.js';
import type { ModelInvoker } from '../ports/model-invoker.js';
import { createProxy } from '../proxy/create-proxy.js';
import type { RequestRecord } from '../telemetry/request-record.js';
import type { HttpRequest } from './http-request.js';
import { type BufferedOptions, serve } from './serve.js';

/** A dialect that has the paths under `/own`, and refuses every request for them with `not_found` unless it is changed. */
function dialectOf(change: Partial<Dialect> = {}): Dialect {
  return {
    name: 'own',
    route({ path }) {
      if (!path.startsWith('/own')) return undefined;
      throw new ProxyError('not_found');
    },
    refuse: ({ code }, requestId) => ({ status: 418, headers: { 'x-own': requestId }, body: `own ${code}` }),
    ...change,
  };
}

interface Options {
  readonly invoker: ModelInvoker;
  readonly serve: BufferedOptions;
}

async function ask(dialect: Dialect, change: Partial<HttpRequest> = {}, options: Partial<Options> = {}) {
  const records: RequestRecord[] = [];
  const logger = { info: vi.fn(), warn: vi.fn(), error: vi.fn() };
  const proxy = createProxy({
    ...{ invoker: options.invoker ?? inlineInvoker(), access: allowAnonymous(), dialects: [dialect], logger },
    onRequestEnd: (record) => void records.push(record),
  });
  const answer = await serve(
    proxy,
    {
      ...{ front: 'test', requestId: 'r-1', method: 'POST', path: '/own', headers: {} },
      ...{ signal: new AbortController().signal, ...change },
    },
    options.serve,
  );
  await answer.close({ bytesOut: 0 });
  return { answer, record: records[0], logger };
}

it('a dialect sees the head of a request, with an empty query if there is none', async () => {
  const route = vi.fn(() => undefined);
  const headers = { accept: ['a', 'b'] };
  await ask(dialectOf({ route }), { method: 'PUT', path: '/x', query: 'a=1&b', headers });
  expect(route).toHaveBeenCalledExactlyOnceWith({ method: 'PUT', path: '/x', query: 'a=1&b', headers });
  await ask(dialectOf({ route }));
  expect(route).toHaveBeenLastCalledWith({ method: 'POST', path: '/own', query: '', headers: {} });
});

it('a dialect words the errors of its own paths, and no others', async () => {
  const own = await ask(dialectOf());
  expect(own.answer).toMatchObject({ status: 418, headers: { 'x-own': 'r-1' }, body: 'own not_found' });
  expect(own.record).toMatchObject({ dialect: 'own', code: 'not_found' });
  const other = await ask(dialectOf(), { path: '/other' });
  expect(other.answer).toMatchObject({ status: 404, body: expect.stringContaining('{"error":{"code":"not_found"') });
  expect(other.record).not.toHaveProperty('dialect');
});

it('a dialect that cannot word an error is answered for, and the log has its mistake', async () => {
  const refuse = () => {
    throw new Error('no words');
  };
  const { answer, record, logger } = await ask(dialectOf({ refuse }));
  expect(answer).toMatchObject({ status: 500, body: expect.stringContaining('{"error":{"code":"internal"') });
  expect(record).toMatchObject({ status: 500, code: 'internal' });
  expect(logger.error.mock.lastCall?.[0]).toMatchObject({ code: 'internal', cause: { message: 'no words' } });
});

it.each([
  ['with its status', { append: 'error-status' }, 418, 'failed'],
  ['with 200', { append: 200 }, 200, 'failed'],
  ['without its text', 'refuse', 418, 'own throttled'],
] as const)('a dialect may answer a broken stream in one piece %s', async (_, onBufferedFailure, status, body) => {
  const encoder: StreamEncoder = {
    ...{ headers: {}, waitsForFirst: true, onBufferedFailure },
    ...{ open: () => '', batch: () => '', ping: () => '', end: () => 'ended', fail: () => 'failed' },
  };
  const parsed: ParsedCall = {
    ...{ operation: 'converse', modelId: 'a.b', stream: true, bodies: () => [Buffer.from('{}')] },
    ...{ whole: () => ({ headers: {}, body: '' }), encoder: vi.fn(() => encoder) },
  };
  const dialect = dialectOf({ route: () => ({ kind: 'model', load: () => ({ parse: () => parsed }) }) });
  const invoker = inlineInvoker({ steps: [{ messageStart: {} }, new ProxyError('throttled')] });
  const buffered = { fits: () => true, maxBodyBytes: 10_000, size: ({ length }: Piece) => length };
  const { answer } = await ask(dialect, {}, { invoker, serve: { buffered } });
  expect(answer).toMatchObject({ status, body });
  expect(parsed.encoder).toHaveBeenCalledExactlyOnceWith('buffered', expect.any(Function));
});
