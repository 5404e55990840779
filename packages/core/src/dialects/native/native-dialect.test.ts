import { describe, expect, it } from 'vitest';
import { ProxyError } from '../../errors/proxy-error.js';
import type { EventBatch } from '../../stream/open-stream.js';
import { admittedHead } from '../admitted-head.test-helper.js';
import { nativeDialect } from './native-dialect.js';

const batch: EventBatch = {
  chunks: [],
  events: [
    { type: 'text-delta', text: 'a' },
    { type: 'text-delta', text: 'b' },
  ],
};
const textless: EventBatch = { chunks: [], events: [{ type: 'raw', value: {} }] };
const error = new ProxyError('internal');
const errorJson = JSON.stringify({ error: { code: 'internal', message: error.message, requestId: 'r' } });
const headOf = (path: string, method = 'POST') => ({ method, path, query: '', headers: {} });

async function codec() {
  const route = nativeDialect().route(headOf('/'));
  if (route?.kind !== 'model') throw new Error('the native dialect serves every path');
  return await route.load();
}

async function encoder(front: 'streaming' | 'buffered') {
  const parsed = (await codec()).parse(Buffer.from('{"modelId":"a.b","stream":true}'), admittedHead());
  return parsed.encoder(
    front,
    () => 'a.b',
    () => undefined,
  );
}

describe('the native dialect', () => {
  it.each(['/', '', '/chat', '/any/path', '/v1x', '/v10/x', '/models', '/x/v1', '/x/model', '/V1', '/Model', '//v1'])(
    'speaks on %j',
    (path) => {
      expect(nativeDialect().route(headOf(path))).toMatchObject({ kind: 'model' });
    },
  );

  it.each([
    ...['/v1', '/v1/', '/v1/chat/completions', '/model', '/model/', '/model/a.b/invoke'],
    ...['/chat/completions', '/responses', '/embeddings'],
    ...['/guardrail/a/version/1/apply', '/guardrail-checks/invoke', '/async-invoke', '/inference-profiles/a'],
  ])('leaves %j to others', (path) => {
    expect(nativeDialect().route(headOf(path))).toBeUndefined();
    expect(nativeDialect().route(headOf(path, 'GET'))).toBeUndefined();
  });

  it.each(['/responses/x', '/x/responses', '/chat/completions/', '/embeddings2'])(
    'speaks on %j, which only resembles a path of others',
    (path) => {
      expect(nativeDialect().route(headOf(path))).toBeDefined();
    },
  );

  it.each(['GET', 'PUT', 'HEAD', 'post'])('refuses the method %s on its own paths', (method) => {
    expect(() => nativeDialect().route(headOf('/', method))).toThrow(
      expect.objectContaining({ code: 'method_not_allowed' }),
    );
  });

  it('has a name and a plain error', async () => {
    expect(nativeDialect().name).toBe('native');
    expect(await nativeDialect().refuse(error, 'r')).toMatchObject({ status: 500, body: errorJson });
  });

  it('loads its codec once', async () => {
    const dialect = nativeDialect();
    const load = async () => {
      const route = dialect.route(headOf('/'));
      return route?.kind === 'model' ? route.load() : undefined;
    };
    expect(await load()).toBe(await codec());
    const route = dialect.route(headOf('/'));
    expect(route?.kind === 'model' && route.load()).not.toBeInstanceOf(Promise);
  });

  it("answers with the model's own body, under its content type", async () => {
    const parsed = (await codec()).parse(Buffer.from('{"modelId":"a.b"}'), admittedHead());
    const answer = { body: Uint8Array.of(1, 2), contentType: 'image/png', meta: { attempts: 1 } };
    expect(parsed.whole([answer], 'a.b')).toEqual({ headers: { 'content-type': 'image/png' }, body: answer.body });
  });

  it('writes events, each on a line of data', async () => {
    const events = await encoder('streaming');
    expect(events).toMatchObject({ waitsForFirst: false, onBufferedFailure: { append: 'error-status' } });
    expect(events.open()).toBe('');
    expect(events.batch(batch)).toBe('data: {"content":"a"}\n\ndata: {"content":"b"}\n\n');
    expect(events.batch(textless)).toBe('');
    expect(events.ping()).toBe(': ping\n\n');
    expect(events.end()).toBe('data: [DONE]\n\n');
    expect(events.fail(error, 'r')).toBe(`data: ${errorJson}\n\n`);
  });

  it('writes an array, whole with either of its ends', async () => {
    const array = await encoder('buffered');
    const text = `${array.open()}${array.batch(textless)}${array.batch(batch)}`;
    expect(text + array.end()).toBe('[{"content":"a"},{"content":"b"},{"done":true}]');
    expect(text + array.fail(error, 'r')).toBe(`[{"content":"a"},{"content":"b"},${errorJson}]`);
    expect(`${array.open()}${array.ping()}${array.end()}`).toBe('[{"done":true}]');
    expect(`${array.open()}${array.fail(error, 'r')}`).toBe(`[${errorJson}]`);
  });
});
