import { describe, expect, it } from 'vitest';
import { ProxyError } from '../../errors/proxy-error.js';
import type { EventBatch } from '../../stream/open-stream.js';
import type { FrontKind, Piece } from '../dialect.js';
import { messageEvents } from './message-events.js';

const batchOf = (...texts: readonly string[]): EventBatch => ({
  chunks: texts.map((text) => ({ bytes: Buffer.from(text), value: JSON.parse(text) })),
  events: [],
});
const textOf = (piece: Piece) => Buffer.from(piece).toString();
const delta = '{"type":"content_block_delta", "index":0 ,"delta":{"type":"text_delta","text":"\\u00e9é 1.0"}}';
const stop = '{"type":"message_stop"}';

describe.each(['streaming', 'buffered'] as FrontKind[])('the events of a message on a front that is %s', (front) => {
  it("hold the chunks' own bytes", () => {
    const encoder = messageEvents(front);
    expect(textOf(encoder.batch(batchOf('{"type":"ping"}', delta)))).toBe(
      `event: ping\ndata: {"type":"ping"}\n\nevent: content_block_delta\ndata: ${delta}\n\n`,
    );
  });

  it('hold the end back until the answer has ended whole', () => {
    const encoder = messageEvents(front);
    const metrics = '{"type":"message_stop","amazon-bedrock-invocationMetrics":{"inputTokenCount":1}}';
    expect(textOf(encoder.batch(batchOf(delta, metrics, '{"type":"ping"}')))).not.toContain('message_stop');
    expect(textOf(encoder.end())).toBe(`event: message_stop\ndata: ${stop}\n\n`);
  });

  it('end with a stop of their own if Claude sent none', () => {
    const encoder = messageEvents(front);
    encoder.batch(batchOf(delta));
    expect(textOf(encoder.end())).toBe(`event: message_stop\ndata: ${stop}\n\n`);
  });

  it('skip chunks that are no events', () => {
    const encoder = messageEvents(front);
    const batch = batchOf('{"amazon-bedrock-trace":{}}', '{}', '[]', '"[DONE]"', '{"type":1}', 'null');
    expect(encoder.batch(batch)).toHaveLength(0);
  });

  it('do not end an answer that had none', () => {
    const encoder = messageEvents(front);
    encoder.batch(batchOf('{"outputText":"x"}'));
    expect(() => encoder.end()).toThrow(expect.objectContaining({ code: 'unsupported_stream' }));
  });
});

describe('the data of an event', () => {
  const sent = (text: string) => textOf(messageEvents('streaming').batch(batchOf(text)));

  it("has none of Bedrock's members, and every other byte", () => {
    const chunk = '{ "type":"message_delta", "amazon-bedrock-trace":{"a":[1,"}"]},"n":1.0,"amazon-bedrock-x":1 }';
    expect(sent(chunk)).toBe('event: message_delta\ndata: { "type":"message_delta","n":1.0}\n\n');
  });

  it.each(['{"type":"ping",\n"a":"\\n"}', '{"type":"ping",\r"a":"\\n"}', '{\r\n"type":"ping","a":"\\n"}\n'])(
    'is one line: %j',
    (chunk) => {
      expect(sent(chunk)).toBe('event: ping\ndata: {"type":"ping","a":"\\n"}\n\n');
    },
  );

  it('is not broken by the name of its type', () => {
    expect(sent('{"type":"a\\nb"}')).toBe('event: a b\ndata: {"type":"a\\nb"}\n\n');
  });
});

describe('a failure in mid-stream', () => {
  const failed = (error: ProxyError) => textOf(messageEvents('streaming').fail(error, 'r-1'));

  it("is an error event of the dialect's own", () => {
    expect(failed(new ProxyError('throttled', { message: 'Wait.' }))).toBe(
      'event: error\ndata: {"type":"error","error":{"type":"rate_limit_error","message":"Wait."},"request_id":"r-1"}\n\n',
    );
  });

  const reported = (chunk: string) =>
    new ProxyError('upstream_unavailable', { upstream: { name: 'overloaded_error', chunk: Buffer.from(chunk) } });

  it("is Claude's own, in its own bytes", () => {
    const chunk = '{"type":"error", "error":{"details":1.0,"type":"overloaded_error","message":"Overloaded"}}';
    expect(failed(reported(chunk))).toBe(`event: error\ndata: ${chunk}\n\n`);
  });

  it("is Claude's own without what is none of the client's business", () => {
    const chunk =
      '{"type":"error","error":{"type":"overloaded_error","message":"busy: 10.1.2.3"},"amazon-bedrock-x":1}';
    expect(failed(reported(chunk))).toBe(
      'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"busy: [address]"}}\n\n',
    );
  });
});

it('keeps a silent connection alive', () => {
  expect(messageEvents('streaming').ping()).toBe('event: ping\ndata: {"type":"ping"}\n\n');
  expect(messageEvents('streaming')).toMatchObject({ waitsForFirst: false, onBufferedFailure: 'refuse' });
});
