import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProxyError } from '../../errors/proxy-error.js';
import type { ContentEvent } from '../../models/chunk-reading.js';
import type { ModelEvent } from '../../models/model-event.js';
import { claude, parseChat } from './chat-call.test-helper.js';

const text = (said: string, index = 0): ContentEvent => ({ type: 'text-delta', text: said, index });
const start = (index: number, name = 'look'): ContentEvent => ({
  type: 'tool-call-start',
  index,
  id: `t${index}`,
  name,
});
const input = (index: number, json: string): ContentEvent => ({ type: 'tool-call-delta', index, arguments: json });
const ended: ModelEvent[] = [
  { type: 'usage-report', usage: { inputTokens: 2, outputTokens: 3 } },
  { type: 'stream-end', nativeStopReason: 'end_turn' },
];

function encoderOf(members: object = {}) {
  const call = parseChat({ stream: true, ...members });
  call.bodies({ id: call.modelId });
  return call.encoder(
    'streaming',
    () => 'served',
    () => undefined,
  );
}

interface Delta {
  readonly role?: string;
  readonly content?: string;
  readonly reasoning_content?: string;
  readonly reasoning_details?: readonly object[];
  readonly tool_calls?: readonly {
    readonly index: number;
    readonly id?: string;
    readonly function: { readonly name?: string; readonly arguments: string };
  }[];
}

interface Chunk {
  readonly choices: readonly { readonly delta: Delta; readonly finish_reason: string | null }[];
  readonly usage?: object | null;
}

/** The chunks of a piece; `[DONE]` stays a word. */
function read(piece: string | Uint8Array): readonly (Chunk | '[DONE]')[] {
  expect(String(piece)).toMatch(/^(?:data: [^\n\r\u0085\u2028\u2029]+\n\n)*$/);
  return String(piece)
    .split('\n\n')
    .filter((event) => event !== '')
    .map((event) => event.slice('data: '.length))
    .map((data) => (data === '[DONE]' ? data : JSON.parse(data)));
}

/** The deltas before the end of an answer, batch by batch, and the chunks of its end. */
function stream(batches: readonly (readonly ModelEvent[])[], members: object = {}) {
  const encoder = encoderOf(members);
  expect(encoder.open()).toBe('');
  const deltas = [...batches, ended].map((events) =>
    read(encoder.batch({ chunks: [], events })).map((chunk) => (chunk === '[DONE]' ? chunk : chunk.choices[0]?.delta)),
  );
  return { deltas, end: read(encoder.end()) };
}

const opening = { role: 'assistant', content: '' };

describe('a stream of chunks', () => {
  it('begins with the role, and ends with reason, counts and [DONE] in one piece', () => {
    const encoder = encoderOf({ stream_options: { include_usage: true } });
    const head = { id: 'chatcmpl-r-1', object: 'chat.completion.chunk', created: expect.any(Number), model: claude };
    const chunk = (delta: object, finish_reason: string | null = null) => ({
      ...head,
      choices: [{ index: 0, delta, logprobs: null, finish_reason }],
      usage: null,
    });
    expect(read(encoder.batch({ chunks: [], events: [] }))).toEqual([chunk(opening)]);
    expect(read(encoder.batch({ chunks: [], events: [text('Hel')] }))).toEqual([chunk({ content: 'Hel' })]);
    expect(read(encoder.batch({ chunks: [], events: [text('lo')] }))).toEqual([chunk({ content: 'lo' })]);
    expect(encoder.batch({ chunks: [], events: ended })).toBe('');
    const counts = { prompt_tokens: 2, completion_tokens: 3, total_tokens: 5 };
    expect(read(encoder.end())).toEqual([
      chunk({}, 'stop'),
      {
        ...head,
        choices: [],
        usage: { ...counts, prompt_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 } },
      },
      '[DONE]',
    ]);
  });

  it('joins the pieces of text of one network read, up to anything else', () => {
    const pieces = [text('a'), text('b'), text('\u2028'), start(1), text('c', 2), text('d', 2), text('e', 3)];
    const { deltas } = stream([pieces, [text('f', 3)]]);
    const contents = ['ab\u2028', 'cd', 'e', 'f'].map((content) => ({ content }));
    expect(deltas.flat()).toEqual([opening, ...contents]);
  });

  it('has no counts unless the client asks for them', () => {
    const { end } = stream([[text('Hi')]]);
    expect(end).toHaveLength(2);
    expect(end[0]).not.toHaveProperty('usage');
  });

  it('gives reasoning, and its details where its block ends', () => {
    const events: ContentEvent[] = [
      { type: 'reasoning-delta', text: 'H', index: 0 },
      { type: 'reasoning-delta', text: 'm.', index: 0 },
      { type: 'reasoning-signature', signature: 'c2ln', index: 0 },
      { type: 'reasoning-redacted', data: 'ZW5j', index: 1 },
      text('So.', 2),
    ];
    expect(stream(events.map((event) => [event])).deltas).toEqual([
      [opening, { reasoning_content: 'H' }],
      [{ reasoning_content: 'm.' }],
      [],
      [
        {
          reasoning_details: [
            { type: 'reasoning.text', index: 0, text: 'Hm.', signature: 'c2ln', format: 'anthropic-claude-v1' },
          ],
        },
      ],
      [
        { reasoning_details: [{ type: 'reasoning.encrypted', index: 1, data: 'ZW5j', format: 'anthropic-claude-v1' }] },
        { content: 'So.' },
      ],
      [],
    ]);
  });

  it('gives the details of a last block at the end of the answer', () => {
    const { end } = stream([[{ type: 'reasoning-signature', signature: 'c2ln', index: 0 }]]);
    expect(end).toMatchObject([
      { choices: [{ delta: { reasoning_details: [{ text: '', signature: 'c2ln' }] } }] },
      { choices: [{ finish_reason: 'stop' }] },
      '[DONE]',
    ]);
  });

  it('counts calls from 0, and holds the last piece of each', () => {
    const tools = [{ type: 'function', function: { name: 'mcp:look' } }];
    const batches = [
      [text('I look.')],
      [start(1, 'mcp_look'), input(1, '{"a"')],
      [input(1, ':1}')],
      [start(2, 'mcp_look'), input(2, '{'), input(2, '}')],
      [input(2, ' ')],
      [start(3, 'other')],
    ];
    const { deltas, end } = stream(batches, { tools });
    const open = (index: number, name: string) => ({
      tool_calls: [{ index, id: `t${index + 1}`, type: 'function', function: { name, arguments: '' } }],
    });
    const more = (index: number, json: string) => ({ tool_calls: [{ index, function: { arguments: json } }] });
    expect(deltas).toEqual([
      [opening, { content: 'I look.' }],
      [],
      [open(0, 'mcp:look'), more(0, '{"a"')],
      [open(1, 'mcp:look'), more(1, '{')],
      [],
      [],
      [],
    ]);
    expect(end.map((chunk) => (chunk === '[DONE]' ? chunk : chunk.choices[0]?.delta))).toEqual([
      ...[more(0, ':1}'), more(1, '} '), open(2, 'other'), more(2, '{}')],
      ...[{}, '[DONE]'],
    ]);
    expect(end.at(-2)).toMatchObject({ choices: [{ finish_reason: 'tool_calls' }] });
  });

  it('opens no call before the calls in front of it', () => {
    const { deltas, end } = stream([
      [start(0), input(0, '{}')],
      [start(1), input(1, '{"a":'), input(1, '1}')],
    ]);
    expect(deltas).toEqual([[opening], [], []]);
    const indexes = end.flatMap((chunk) => (chunk === '[DONE]' ? [] : (chunk.choices[0]?.delta.tool_calls ?? [])));
    expect(indexes.map(({ index }) => index)).toEqual([0, 0, 1, 1]);
  });

  it('has no calls that the model’s host runs', () => {
    const hosted: ContentEvent = { type: 'tool-call-start', index: 0, id: 't0', name: 'search', runsAtHost: true };
    const { deltas, end } = stream([[hosted, input(0, '{"a"'), input(0, ':1}'), text('Hi', 1)]]);
    expect(deltas).toEqual([[opening, { content: 'Hi' }], []]);
    expect(end).toMatchObject([{ choices: [{ finish_reason: 'stop' }] }, '[DONE]']);
  });

  it('tells a failure, and nothing after it', () => {
    const encoder = encoderOf();
    encoder.batch({ chunks: [], events: [text('Hi'), start(1), input(1, '{}')] });
    expect(encoder.fail(new ProxyError('upstream_truncated', { message: 'Broken\u2028off.' }), 'r-1')).toBe(
      'data: {"error":{"message":"Broken\\u2028off.","type":"server_error","param":null,"code":"upstream_truncated"}}\n\n',
    );
    expect(encoder).toMatchObject({ waitsForFirst: false, onBufferedFailure: 'refuse' });
    expect(encoder.ping()).toBe(': ping\n\n');
  });
});

describe('any answer', () => {
  const piece = fc.string({ unit: 'binary', maxLength: 6 });
  const blocks = fc.array(
    fc.oneof(
      fc.record({ kind: fc.constant('text' as const), pieces: fc.array(piece, { maxLength: 4 }) }),
      fc.record({
        kind: fc.constant('call' as const),
        value: fc.dictionary(fc.string({ maxLength: 4 }), fc.jsonValue({ maxDepth: 1 }), { maxKeys: 3 }),
        space: fc.constantFrom('', ' ', '\n'),
        size: fc.integer({ min: 1, max: 9 }),
      }),
    ),
    { maxLength: 5 },
  );

  it('loses nothing in a stream, and no part of it has a call that parses before the end', () => {
    fc.assert(
      fc.property(blocks, (said) => {
        const events: ContentEvent[] = [];
        for (const [index, block] of said.entries()) {
          if (block.kind === 'text') {
            events.push(...block.pieces.filter((part) => part !== '').map((part) => text(part, index)));
          } else {
            const json = JSON.stringify(block.value) + block.space;
            const pieces = json.match(new RegExp(`[^]{1,${block.size}}`, 'g')) ?? [];
            events.push(start(index), ...pieces.map((part) => input(index, part)));
          }
        }
        const { deltas, end } = stream(events.map((event) => [event]));
        const before = callsIn(deltas.flat());
        for (const json of before) expect(parses(json)).toBe(false);
        const all = [...deltas.flat(), ...end.map((chunk) => (chunk === '[DONE]' ? chunk : chunk.choices[0]?.delta))];
        const wanted = said.flatMap((block) => (block.kind === 'call' ? [block.value] : []));
        expect(callsIn(all).map((json) => JSON.parse(json))).toEqual(
          wanted.map((value) => JSON.parse(JSON.stringify(value))),
        );
        const texts = said.flatMap((block) => (block.kind === 'text' ? block.pieces : []));
        expect(contentOf(all)).toBe(texts.join(''));
      }),
    );
  });
});

type Read = Delta | '[DONE]' | undefined;

function contentOf(deltas: readonly Read[]): string {
  return deltas.map((delta) => (typeof delta === 'object' ? (delta.content ?? '') : '')).join('');
}

/** The arguments of each call that was opened. Throws if a call does not begin with its opening, or if there is a gap. */
function callsIn(deltas: readonly Read[]): readonly string[] {
  const calls: string[] = [];
  for (const delta of deltas) {
    for (const { index, id, function: part } of (typeof delta === 'object' && delta.tool_calls) || []) {
      if (id !== undefined) {
        expect(index).toBe(calls.length);
        calls.push('');
      }
      expect(index).toBeLessThan(calls.length);
      calls[index] += part.arguments;
    }
  }
  return calls;
}

/** As a careless client would: no arguments are an empty object. */
function parses(json: string): boolean {
  try {
    JSON.parse(json || '{}');
    return true;
  } catch {
    return false;
  }
}
