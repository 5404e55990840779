import { describe, expect, it } from 'vitest';
import { ProxyError } from '../../errors/proxy-error.js';
import type { EventBatch } from '../../stream/open-stream.js';
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
const errorJson =
  '{"error":{"code":"internal","message":"The proxy failed. Report the request id to its operator.","requestId":"r"}}';

describe('the native dialect', () => {
  it.each(['/', '', '/chat', '/any/path', '/v1x', '/v10/x', '/models', '/x/v1', '/x/model', '/V1', '/Model', '//v1'])(
    'speaks on %j',
    (path) => {
      expect(nativeDialect.matches(path)).toBe(true);
    },
  );

  it.each(['/v1', '/v1/', '/v1/chat/completions', '/model', '/model/', '/model/a.b/invoke'])(
    'leaves %j to others',
    (path) => {
      expect(nativeDialect.matches(path)).toBe(false);
    },
  );

  it('has a name and reads a request', () => {
    expect(nativeDialect.name).toBe('native');
    expect(nativeDialect.parse(Buffer.from('{"modelId":"a.b"}'))).toMatchObject({ modelId: 'a.b', stream: false });
    expect(nativeDialect.failure(error, 'r')).toBe(errorJson);
  });

  it('writes events, each on a line of data', () => {
    const encoder = nativeDialect.events();
    expect(encoder.open()).toBe('');
    expect(encoder.batch(batch)).toBe('data: {"content":"a"}\n\ndata: {"content":"b"}\n\n');
    expect(encoder.batch(textless)).toBe('');
    expect(encoder.end()).toBe('data: [DONE]\n\n');
    expect(encoder.fail(error, 'r')).toBe(`data: ${errorJson}\n\n`);
  });

  it('writes an array, whole with either of its ends', () => {
    const encoder = nativeDialect.array();
    const text = encoder.open() + encoder.batch(textless) + encoder.batch(batch);
    expect(text + encoder.end()).toBe('[{"content":"a"},{"content":"b"},{"done":true}]');
    expect(text + encoder.fail(error, 'r')).toBe(`[{"content":"a"},{"content":"b"},${errorJson}]`);
    expect(encoder.open() + encoder.end()).toBe('[{"done":true}]');
    expect(encoder.open() + encoder.fail(error, 'r')).toBe(`[${errorJson}]`);
  });
});
