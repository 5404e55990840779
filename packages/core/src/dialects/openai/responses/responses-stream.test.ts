import { describe, expect, it } from 'vitest';
import { ProxyError } from '../../../errors/proxy-error.js';
import type { ContentEvent } from '../../../models/chunk-reading.js';
import type { ModelEvent } from '../../../models/model-event.js';
import { claude } from '../chat-call.test-helper.js';
import { parseResponses } from './responses-call.test-helper.js';

const text = (said: string, index = 0): ContentEvent => ({ type: 'text-delta', text: said, index });
const thought = (said: string, index = 0): ContentEvent => ({ type: 'reasoning-delta', text: said, index });
const start = (index: number, name = 'look'): ContentEvent => ({
  type: 'tool-call-start',
  index,
  id: `t${index}`,
  name,
});
const input = (index: number, json: string): ContentEvent => ({ type: 'tool-call-delta', index, arguments: json });
const usage: ModelEvent = { type: 'usage-report', usage: { inputTokens: 2, outputTokens: 3, cacheReadTokens: 4 } };
const ended = (nativeStopReason = 'end_turn'): ModelEvent => ({ type: 'stream-end', nativeStopReason });

function encoderOf(members: object = {}, alias?: string) {
  const call = parseResponses({ stream: true, ...members });
  call.bodies({ id: call.modelId, ...(alias !== undefined && { alias }) });
  return call.encoder(
    'streaming',
    () => 'served',
    () => undefined,
  );
}

interface Written {
  readonly type: string;
  readonly sequence_number: number;
  readonly [member: string]: unknown;
}

function read(piece: string | Uint8Array): readonly Written[] {
  expect(String(piece)).toMatch(/^(?:event: [\w.]+\ndata: [^\n\r\u0085\u2028\u2029]+\n\n)*$/);
  const events = String(piece).split('\n\n').slice(0, -1);
  return events.map((event) => {
    const [type, data = ''] = event.split('\ndata: ');
    const written = JSON.parse(data);
    expect(type).toBe(`event: ${written.type}`);
    return written;
  });
}

/** The events of one batch without those before them, and the events of the end. */
function stream(events: readonly ModelEvent[], members: object = {}, reason?: string) {
  const encoder = encoderOf(members);
  expect(encoder.open()).toBe('');
  const [created, inProgress, ...batch] = read(
    encoder.batch({ chunks: [], events: [...events, usage, ended(reason)] }),
  );
  expect([created?.type, inProgress?.type]).toEqual(['response.created', 'response.in_progress']);
  return { batch: batch.map(short), end: read(encoder.end()).map(short) };
}

/** An event without what every event has. */
function short({ sequence_number: _, item_id, ...event }: Written): object {
  return { ...event, type: event.type.replace('response.', '') };
}

const types = (events: readonly object[]) => events.map((event) => ('type' in event ? event.type : undefined));
const tools = [
  { type: 'function', name: 'look' },
  { type: 'custom', name: 'patch' },
  { type: 'namespace', name: 'agents', tools: [{ type: 'function', name: 'close' }] },
];

describe('a stream of the Responses API', () => {
  it('begins with the object twice, and numbers every event', () => {
    const encoder = encoderOf();
    const first = read(encoder.batch({ chunks: [], events: [text('Hel')] }));
    expect(first.slice(0, 2)).toMatchObject([
      {
        type: 'response.created',
        sequence_number: 0,
        response: { id: 'resp_r-1', model: claude, status: 'in_progress', output: [], usage: null, completed_at: null },
      },
      { type: 'response.in_progress', sequence_number: 1, response: { status: 'in_progress' } },
    ]);
    const rest = [...read(encoder.batch({ chunks: [], events: [text('lo')] })), ...read(encoder.end())];
    const all = [...first, ...rest];
    expect(all.map(({ sequence_number: number }) => number)).toEqual(all.map((_, index) => index));
  });

  it('has text as a message with one part, and joins the pieces of one network read', () => {
    const { batch, end } = stream([text('Hel'), text('lo')]);
    const place = { output_index: 0, content_index: 0 };
    const part = (said: string) => ({ type: 'output_text', text: said, annotations: [], logprobs: [] });
    const item = { id: 'msg_r-1_0', type: 'message', role: 'assistant' };
    expect(batch).toEqual([
      { type: 'output_item.added', output_index: 0, item: { ...item, status: 'in_progress', content: [] } },
      { type: 'content_part.added', ...place, part: part('') },
      { type: 'output_text.delta', ...place, delta: 'Hello', logprobs: [] },
    ]);
    const done = { ...item, status: 'completed', content: [part('Hello')] };
    expect(end).toMatchObject([
      { type: 'output_text.done', ...place, text: 'Hello', logprobs: [] },
      { type: 'content_part.done', ...place, part: part('Hello') },
      { type: 'output_item.done', output_index: 0, item: done },
      {
        type: 'completed',
        response: {
          status: 'completed',
          output: [done],
          completed_at: expect.any(Number),
          usage: {
            input_tokens: 6,
            input_tokens_details: { cached_tokens: 4, cache_write_tokens: 0 },
            output_tokens: 3,
            output_tokens_details: { reasoning_tokens: 0 },
            total_tokens: 9,
          },
        },
      },
    ]);
  });

  it('joins the blocks of a text, and begins another message behind other content', () => {
    const { batch } = stream([text('a', 0), text('b', 1), start(2), text('c', 3), thought('d', 4), text('e', 5)]);
    expect(batch.filter((event) => 'item' in event)).toMatchObject([
      { type: 'output_item.added', output_index: 0, item: { type: 'message' } },
      { type: 'output_item.done', output_index: 0, item: { content: [{ text: 'ab' }] } },
      { type: 'output_item.added', output_index: 1, item: { type: 'function_call' } },
      { type: 'output_item.added', output_index: 2, item: { type: 'message' } },
      { type: 'output_item.done', output_index: 2 },
      { type: 'output_item.added', output_index: 3, item: { type: 'reasoning' } },
      { type: 'output_item.done', output_index: 3 },
      { type: 'output_item.added', output_index: 4, item: { type: 'message' } },
    ]);
  });

  it('has each block of reasoning as a part of the summary, and seals what is signed', () => {
    const events: ContentEvent[] = [
      thought('I ', 0),
      thought('think.', 0),
      { type: 'reasoning-signature', index: 0, signature: 's1' },
      { type: 'reasoning-redacted', index: 1, data: 'AAAA' },
      thought('So.', 2),
      { type: 'reasoning-signature', index: 2, signature: 's2' },
      text('Hi', 3),
    ];
    const { batch } = stream(events, { include: ['reasoning.encrypted_content'] });
    const summary = (index: number) => ({ output_index: 0, summary_index: index });
    const blocks = [{ text: 'I think.', signature: 's1' }, { redacted: 'AAAA' }, { text: 'So.', signature: 's2' }];
    const part = (said: string) => ({ type: 'summary_text', text: said });
    expect(batch.slice(0, -3)).toEqual([
      {
        type: 'output_item.added',
        output_index: 0,
        item: { id: 'rs_r-1_0', type: 'reasoning', status: 'in_progress', summary: [] },
      },
      { type: 'reasoning_summary_part.added', ...summary(0), part: part('') },
      { type: 'reasoning_summary_text.delta', ...summary(0), delta: 'I ' },
      { type: 'reasoning_summary_text.delta', ...summary(0), delta: 'think.' },
      { type: 'reasoning_summary_text.done', ...summary(0), text: 'I think.' },
      { type: 'reasoning_summary_part.done', ...summary(0), part: part('I think.') },
      { type: 'reasoning_summary_part.added', ...summary(1), part: part('') },
      { type: 'reasoning_summary_text.delta', ...summary(1), delta: 'So.' },
      { type: 'reasoning_summary_text.done', ...summary(1), text: 'So.' },
      { type: 'reasoning_summary_part.done', ...summary(1), part: part('So.') },
      {
        type: 'output_item.done',
        output_index: 0,
        item: {
          id: 'rs_r-1_0',
          type: 'reasoning',
          status: 'completed',
          summary: [part('I think.'), part('So.')],
          encrypted_content: Buffer.from(JSON.stringify({ v: 1, blocks })).toString('base64url'),
        },
      },
    ]);
  });

  it('has reasoning without a text as an item alone, and seals nothing unless it is asked to', () => {
    const { batch } = stream([{ type: 'reasoning-redacted', index: 0, data: 'AAAA' }, text('Hi', 1)]);
    expect(batch.slice(0, 2)).toMatchObject([
      { type: 'output_item.added' },
      { type: 'output_item.done', item: { summary: [] } },
    ]);
    expect(JSON.stringify(batch)).not.toContain('encrypted_content');
  });

  it('ends calls only once the stream has ended whole, with the last piece of their arguments', () => {
    const events = [
      start(0),
      input(0, '{"a"'),
      input(0, ':1}'),
      input(0, '\n'),
      start(1, 'agents__close'),
      text('Hi', 2),
    ];
    const { batch, end } = stream(events, { tools });
    const look = { id: 'fc_r-1_0', type: 'function_call', call_id: 't0', name: 'look' };
    const close = { id: 'fc_r-1_1', type: 'function_call', call_id: 't1', name: 'close', namespace: 'agents' };
    expect(batch.slice(0, 3)).toEqual([
      { type: 'output_item.added', output_index: 0, item: { ...look, status: 'in_progress', arguments: '' } },
      { type: 'function_call_arguments.delta', output_index: 0, delta: '{"a"' },
      { type: 'output_item.added', output_index: 1, item: { ...close, status: 'in_progress', arguments: '' } },
    ]);
    expect(types(batch)).not.toContain('output_item.done');
    const done = (item: object, args: string) => ({ ...item, status: 'completed', arguments: args });
    expect(end).toMatchObject([
      { type: 'function_call_arguments.delta', output_index: 0, delta: ':1}\n' },
      { type: 'function_call_arguments.done', output_index: 0, name: 'look', arguments: '{"a":1}\n' },
      { type: 'output_item.done', output_index: 0, item: done(look, '{"a":1}\n') },
      { type: 'function_call_arguments.delta', output_index: 1, delta: '{}' },
      { type: 'function_call_arguments.done', output_index: 1, name: 'close', arguments: '{}' },
      { type: 'output_item.done', output_index: 1, item: done(close, '{}') },
      { type: 'output_text.done' },
      { type: 'content_part.done' },
      { type: 'output_item.done', output_index: 2 },
      { type: 'completed', response: { output: [done(look, '{"a":1}\n'), done(close, '{}'), { type: 'message' }] } },
    ]);
  });

  it('has the input of a custom tool in one piece', () => {
    const { batch, end } = stream(
      [start(0, 'patch'), input(0, '{"input":'), input(0, '"*** \\"x\\"\\n"'), input(0, '}')],
      { tools },
    );
    const item = { id: 'ctc_r-1_0', type: 'custom_tool_call', call_id: 't0', name: 'patch' };
    expect(batch).toEqual([
      { type: 'output_item.added', output_index: 0, item: { ...item, status: 'in_progress', input: '' } },
    ]);
    const whole = '*** "x"\n';
    expect(end.slice(0, 3)).toEqual([
      { type: 'custom_tool_call_input.delta', output_index: 0, delta: whole },
      { type: 'custom_tool_call_input.done', output_index: 0, input: whole },
      { type: 'output_item.done', output_index: 0, item: { ...item, status: 'completed', input: whole } },
    ]);
  });

  it.each(['{"patch":"a"}', '{"input":5}', '["a"]', 'a'])('passes an input on that is not as asked: %s', (json) => {
    const { end } = stream([start(0, 'patch'), input(0, json)], { tools });
    expect(end[1]).toMatchObject({ type: 'custom_tool_call_input.done', input: json });
  });

  it('turns names back that Converse does not take', () => {
    const { batch } = stream([start(0, 'mcp_look')], { tools: [{ type: 'function', name: 'mcp.look' }] });
    expect(batch[0]).toMatchObject({ item: { name: 'mcp.look' } });
  });

  it('leaves out what the model’s host runs, and its sources', () => {
    const hosted: ContentEvent = { type: 'tool-call-start', index: 1, id: 't1', name: 'search', runsAtHost: true };
    const events: ModelEvent[] = [
      ...[text('a'), hosted, input(1, '{}')],
      ...([
        { type: 'citation', index: 0, value: {} },
        { type: 'raw', value: {} },
      ] as const),
      text('b', 2),
    ];
    const { end } = stream(events);
    expect(end.at(-1)).toMatchObject({ response: { output: [{ content: [{ text: 'ab' }] }] } });
  });

  it('may be empty', () => {
    const { batch, end } = stream([]);
    expect(batch).toEqual([]);
    expect(end).toMatchObject([{ type: 'completed', response: { output: [] } }]);
    const [created, , completed] = read(encoderOf().end());
    expect([created, completed]).toMatchObject([{ type: 'response.created' }, { type: 'response.completed' }]);
  });

  it('names the model as sent, and of an alias the one that served', () => {
    const encoder = encoderOf({ model: 'fast' }, 'fast');
    expect(read(encoder.batch({ chunks: [], events: [] }))[0]).toMatchObject({ response: { model: 'served' } });
  });

  it('keeps a silent connection alive without an event', () => {
    expect(encoderOf().ping()).toBe(': ping\n\n');
  });

  it('escapes what some readers take for the end of a line', () => {
    const said = 'a\u2028b\u0085c';
    const { end } = stream([text(said)]);
    expect(end[0]).toMatchObject({ text: said });
  });
});

describe('a stream of the Responses API that a model was stopped in', () => {
  it.each([
    ['max_tokens', 'max_output_tokens'],
    ['model_context_window_exceeded', 'max_output_tokens'],
    ['guardrail_intervened', 'content_filter'],
    ['content_filtered', 'content_filter'],
  ])('is incomplete after %s', (native, reason) => {
    const { end } = stream([text('Hel')], {}, native);
    expect(end.slice(-2)).toMatchObject([
      { type: 'output_item.done', item: { status: 'incomplete', content: [{ text: 'Hel' }] } },
      {
        type: 'incomplete',
        response: {
          status: 'incomplete',
          incomplete_details: { reason },
          completed_at: null,
          usage: { total_tokens: 9 },
        },
      },
    ]);
  });

  it.each(['', '{}', '{"a":'])('never ends a call that was cut within its arguments: %j', (json) => {
    const { end } = stream([start(0), input(0, '{}'), start(1), ...(json ? [input(1, json)] : [])], {}, 'max_tokens');
    expect(types(end)).toEqual([
      'function_call_arguments.delta',
      'function_call_arguments.done',
      'output_item.done',
      'incomplete',
    ]);
    expect(end.at(-1)).toMatchObject({
      response: {
        output: [
          { call_id: 't0', status: 'completed', arguments: '{}' },
          { call_id: 't1', status: 'incomplete', arguments: json },
        ],
      },
    });
  });
});

describe('a call that the model was stopped behind', () => {
  it('ends like one that was not stopped', () => {
    const { end } = stream([start(0), input(0, '{"a":1}')], {}, 'max_tokens');
    expect(end.slice(-2)).toMatchObject([
      { type: 'output_item.done', item: { status: 'completed', arguments: '{"a":1}' } },
      { type: 'incomplete' },
    ]);
  });
});

describe('a stream of the Responses API that fails', () => {
  const fail = (error: ProxyError, events: readonly ModelEvent[] = []) => {
    const encoder = encoderOf();
    encoder.batch({ chunks: [], events });
    return read(encoder.fail(error, 'r-1')).map(short);
  };

  it('says so twice in one piece, for the two kinds of clients, with the items that were done', () => {
    const events = [text('a'), start(1), input(1, '{}'), text('b', 2)];
    const error = { code: 'rate_limit_exceeded', message: expect.stringMatching(/\w/) };
    expect(fail(new ProxyError('throttled'), events)).toEqual([
      { type: 'error', ...error, param: null, error: { type: 'rate_limit_error', ...error, param: null } },
      {
        type: 'failed',
        response: expect.objectContaining({
          status: 'failed',
          error,
          usage: null,
          output: [expect.objectContaining({ id: 'msg_r-1_0', status: 'completed' })],
        }),
      },
    ]);
  });

  it.each([
    ['throttled', undefined, 'rate_limit_exceeded'],
    ['rate_limited', undefined, 'rate_limit_exceeded'],
    ['quota_exceeded', undefined, 'insufficient_quota'],
    ['budget_exceeded', undefined, 'insufficient_quota'],
    ['upstream_validation', 'A field is wrong.', 'invalid_prompt'],
    ['upstream_validation', 'Input is too long for requested model.', 'context_length_exceeded'],
    ['upstream_truncated', undefined, 'server_error'],
    ['upstream_denied', undefined, 'server_error'],
    ['unsupported_stream', undefined, 'server_error'],
  ] as const)('has a code that clients act on: %s, %s', (code, message, word) => {
    const [error] = fail(new ProxyError(code, message === undefined ? {} : { message }));
    expect(error).toMatchObject({ code: word });
    const named =
      word === 'server_error' ? expect.stringMatching(`\\. \\(${code}\\)$`) : expect.not.stringContaining('(');
    expect(error).toMatchObject({ message: named });
  });

  it('before its first event has the model as it was asked for', () => {
    const [, failed] = read(encoderOf({ model: 'fast' }, 'fast').fail(new ProxyError('upstream_timeout'), 'r-1'));
    expect(failed).toMatchObject({
      type: 'response.failed',
      sequence_number: 1,
      response: { model: 'fast', output: [] },
    });
  });

  it('is a plain error on a front that sends one piece', () => {
    expect(encoderOf().onBufferedFailure).toBe('refuse');
  });
});
