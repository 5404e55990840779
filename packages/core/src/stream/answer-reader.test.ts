import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isProxyError } from '../errors/proxy-error.js';
import { errorOfFailure } from '../models/error-of-failure.js';
import { type AnswerReader, type BatchReading, createAnswerReader } from './answer-reader.js';

const chunk = (document: unknown) => ({
  bytes: Buffer.from(typeof document === 'string' ? document : JSON.stringify(document)),
});
const text = (value: string) => ({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: value } });
const stop = (reason: string, outputTokens = 5) => ({
  type: 'message_delta',
  delta: { stop_reason: reason },
  usage: { output_tokens: outputTokens },
});
const metrics = (input: number, output: number) => ({
  'amazon-bedrock-invocationMetrics': { inputTokenCount: input, outputTokenCount: output },
});
const anyCharacter = fc.integer({ min: 0, max: 0x10ffff }).map((code) => String.fromCodePoint(code));
const messageStop = { type: 'message_stop' };
const opening = { type: 'message_start', message: { usage: { input_tokens: 3, output_tokens: 1 } } };

/** The error of a batch. */
const failureOf = ({ failure, reported }: BatchReading) =>
  failure ?? (reported && errorOfFailure(reported.failure, reported.bytes));

/** Reads documents, one batch each, and says how the stream ended. */
function readAll(documents: readonly unknown[], reader: AnswerReader = createAnswerReader()) {
  const events = [];
  for (const document of documents) {
    const read = reader.read([chunk(document)]);
    events.push(...read.events);
    const failure = failureOf(read);
    if (failure) return { events, failure: failure.code };
  }
  try {
    return { events: [...events, ...reader.end()] };
  } catch (error) {
    return { events, failure: isProxyError(error) ? error.code : error };
  }
}

const textOf = ({ events }: ReturnType<typeof readAll>) =>
  events.map((event) => (event.type === 'text-delta' ? event.text : '')).join('');

describe('an answer', () => {
  it('is its text, its counts and one end', () => {
    expect(
      readAll([opening, text('Hel'), text('lo'), stop('end_turn', 4), { ...messageStop, ...metrics(30, 4) }]),
    ).toEqual({
      events: [
        { type: 'text-delta', text: 'Hel', index: 0 },
        { type: 'text-delta', text: 'lo', index: 0 },
        { type: 'usage-report', usage: { inputTokens: 30, outputTokens: 4 } },
        { type: 'stream-end', stopReason: 'stop', nativeStopReason: 'end_turn' },
      ],
    });
  });

  it('may be one of Converse', () => {
    const delta = { contentBlockDelta: { delta: { text: 'Hi' }, contentBlockIndex: 0 } };
    expect(readAll([{ messageStart: {} }, delta, { messageStop: { stopReason: 'end_turn' } }]).events).toEqual([
      { type: 'text-delta', text: 'Hi', index: 0 },
      { type: 'stream-end', stopReason: 'stop', nativeStopReason: 'end_turn' },
    ]);
  });

  it('keeps the order of text and calls of tools within a batch', () => {
    const call = { type: 'content_block_start', index: 1, content_block: { type: 'tool_use', id: 't', name: 'find' } };
    const { events } = createAnswerReader().read([chunk(text('a')), chunk(call)]);
    expect(events.map(({ type }) => type)).toEqual(['text-delta', 'tool-call-start']);
  });

  it('keeps order within a batch', () => {
    const { events } = createAnswerReader().read([chunk(text('a')), chunk({ odd: 1 }), chunk(text('b'))]);
    expect(events).toEqual([
      { type: 'text-delta', text: 'a', index: 0 },
      { type: 'raw', value: { odd: 1 } },
      { type: 'text-delta', text: 'b', index: 0 },
    ]);
  });

  it('may be reasoning and calls of tools, which are handed on as they are', () => {
    const thinking = { type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking: 'hm' } };
    const call = { type: 'content_block_start', index: 1, content_block: { type: 'tool_use', id: 't', name: 'find' } };
    const input = { type: 'content_block_delta', index: 1, delta: { type: 'input_json_delta', partial_json: '{}' } };
    expect(readAll([thinking, call, input, stop('tool_use', 0)]).events).toEqual([
      { type: 'reasoning-delta', text: 'hm', index: 0 },
      { type: 'tool-call-start', index: 1, id: 't', name: 'find' },
      { type: 'tool-call-delta', index: 1, arguments: '{}' },
      { type: 'usage-report', usage: { outputTokens: 0 } },
      { type: 'stream-end', stopReason: 'tool', nativeStopReason: 'tool_use' },
    ]);
  });

  it('has no piece of no text', () => {
    expect(readAll([text(''), text('\ud83d'), text('\ude00'), messageStop]).events).toStrictEqual([
      { type: 'text-delta', text: '😀', index: 0 },
      { type: 'stream-end' },
    ]);
  });

  it('is as long as its text and its reasoning', () => {
    const reader = createAnswerReader();
    const thought = { type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking: 'hm' } };
    for (const document of [thought, thought, text('abc'), text('d'), messageStop]) reader.read([chunk(document)]);
    expect(reader.textLength).toBe(8);
  });

  it('keeps its chunks as they came, each with its value and its type if it has one', () => {
    const delta = { bytes: Buffer.from('{"delta":{"text":"a"}}'), eventType: 'contentBlockDelta' };
    expect(createAnswerReader().read([delta, chunk('1')]).chunks).toStrictEqual([
      { ...delta, value: { contentBlockDelta: { delta: { text: 'a' } } } },
      { ...chunk('1'), value: 1 },
    ]);
  });

  it('gives a surrogate half that nothing joined at its end, before its counts', () => {
    const { events } = readAll([text('a\ud83d'), stop('end_turn'), messageStop]);
    expect(events.map((event) => (event.type === 'text-delta' ? event.text : event.type))).toEqual([
      ...['a', '\ud83d', 'usage-report', 'stream-end'],
    ]);
  });

  it('is exact, whatever its characters', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: anyCharacter }), { maxLength: 6 }), (pieces) => {
        expect(textOf(readAll([...pieces.map(text), messageStop]))).toBe(pieces.join(''));
      }),
    );
  });
});

describe('the end of an answer', () => {
  it.each([
    ['a stop reason', [text('a'), stop('end_turn')]],
    ['a stop reason that is not known', [text('a'), stop('whatever')]],
    ['message_stop', [text('a'), messageStop]],
    ['invocation metrics', [text('a'), metrics(1, 1)]],
    ['invocation metrics without counts', [text('a'), { 'amazon-bedrock-invocationMetrics': {} }]],
    ['the word [DONE]', [text('a'), '"[DONE]"']],
  ])('is marked by %s', (_, documents) => {
    const reader = createAnswerReader();
    for (const document of documents.slice(0, -1)) reader.read([chunk(document)]);
    expect(reader.isEnded).toBe(false);
    reader.read([chunk(documents.at(-1))]);
    expect(reader.isEnded).toBe(true);
    expect(reader.end().at(-1)).toMatchObject({ type: 'stream-end' });
  });

  it.each([
    ['nothing at all', []],
    ['text alone', [opening, text('a')]],
    ['a stop reason of no characters', [text('a'), stop('')]],
    ['another JSON string', [text('a'), '"[done]"']],
    ['a JSON array', [text('a'), '["[DONE]"]']],
    ['null', [text('a'), 'null']],
    ['what a guardrail did', [{ ...text('a'), 'amazon-bedrock-guardrailAction': 'NONE' }]],
    ['message_delta without a reason', [text('a'), { type: 'message_delta', delta: {} }]],
  ])('is not marked by %s', (_, documents) => {
    expect(readAll(documents)).toMatchObject({ failure: 'upstream_truncated' });
  });

  it.each([
    ['end_turn', 'stop'],
    ['max_tokens', 'length'],
    ['tool_use', 'tool'],
    ['refusal', 'filter'],
    ['WHATEVER', undefined],
  ])('of %s is %s', (native, neutral) => {
    const { events } = readAll([text('a'), stop(native)]);
    expect(events.at(-1)).toEqual({
      type: 'stream-end',
      nativeStopReason: native,
      ...(neutral && { stopReason: neutral }),
    });
  });

  it('of an error stays the end, whatever follows', () => {
    const reader = createAnswerReader();
    expect(readAll([text('a'), stop('abort'), stop('end_turn'), messageStop], reader)).toMatchObject({
      failure: 'upstream_error',
    });
    expect(reader.nativeStopReason).toBe('abort');
  });

  it.each<readonly [name: string, chunk: object]>([
    ['a choice', { choices: [{ index: 0, delta: {}, finish_reason: 'abort' }], ...metrics(3, 1) }],
    ['a choice, as an object', { choices: [{ delta: {}, finish_reason: { type: 'abort', message: 'gone' } }] }],
    ['Llama', { generation: '', stop_reason: 'abort', ...metrics(3, 1) }],
    ['Mistral', { outputs: [{ text: '', stop_reason: 'Abort' }] }],
    ['Cohere', { is_finished: true, finish_reason: 'USER_CANCEL', ...metrics(3, 1) }],
    ['DeepSeek', { choices: [{ text: '', finish_reason: 'insufficient_system_resource' }] }],
    ['a chunk of its own', { type: 'abort', message: 'gone' }],
  ])('of an abort is a failure in %s', (_, last) => {
    const events = [{ type: 'text-delta', text: 'par' }];
    expect(readAll([{ generation: 'par' }, last, '"[DONE]"'])).toEqual({ events, failure: 'upstream_error' });
  });

  it.each(['error', 'abort', 'malformed_model_output', 'Malformed_Tool_Use'])('of %s is a failure', (native) => {
    const reader = createAnswerReader();
    expect(readAll([text('a'), stop(native), messageStop], reader)).toEqual({
      events: [{ type: 'text-delta', text: 'a', index: 0 }],
      failure: 'upstream_error',
    });
    expect(reader.nativeStopReason).toBe(native);
    expect(() => reader.end()).toThrow(
      expect.objectContaining({ cause: expect.objectContaining({ message: `stop reason ${native}` }) }),
    );
  });

  it('that a guardrail marks is taken back by more text of output 0', () => {
    const intervened = { 'amazon-bedrock-guardrailAction': 'INTERVENED' };
    for (const part of [
      (value: string) => ({ generation: value }),
      (value: string) => ({ outputText: value, index: 0 }),
    ]) {
      const reader = createAnswerReader();
      reader.read([chunk({ ...part('a'), ...intervened })]);
      expect(reader.isEnded).toBe(true);
      reader.read([chunk(part(''))]);
      reader.read([chunk({ outputText: 'other', index: 1 })]);
      expect(reader.isEnded).toBe(true);
      reader.read([chunk(part('b'))]);
      expect(reader.isEnded).toBe(false);
      reader.read([chunk({ ...part('b'), ...intervened })]);
      expect(reader.isEnded).toBe(true);
      reader.read([chunk(part('b'))]);
      expect(reader.isEnded).toBe(false);
      expect(() => reader.end()).toThrow(expect.objectContaining({ code: 'upstream_truncated' }));
      reader.read([chunk({ ...part('c'), ...intervened })]);
      expect(reader.end().at(-1)).toMatchObject({ type: 'stream-end', guardrailAction: 'INTERVENED' });
    }
  });

  it('is complete only with a final output count', () => {
    const complete = (...documents: readonly object[]) => {
      const reader = createAnswerReader();
      for (const document of documents) reader.read([chunk(document)]);
      return reader.isComplete;
    };
    const choice = { choices: [{ delta: { content: 'a' }, finish_reason: 'stop' }] };
    expect(complete(opening, text('a'))).toBe(false);
    expect(complete(opening, text('a'), messageStop)).toBe(false);
    expect(complete(opening, { type: 'message_delta', delta: {}, usage: { output_tokens: 2 } })).toBe(false);
    expect(complete(opening, { type: 'message_delta', delta: {}, usage: { input_tokens: 3 } }, messageStop)).toBe(
      false,
    );
    expect(complete(opening, text('a'), stop('end_turn', 0))).toBe(true);
    expect(complete(choice)).toBe(false);
    expect(complete(choice, metrics(1, 1))).toBe(true);
    expect(complete({ messageStop: { stopReason: 'end_turn' } })).toBe(false);
    expect(complete({ messageStop: {} }, { metadata: { usage: { outputTokens: 2 } } })).toBe(true);
  });

  it('says what a guardrail did, and that it stepped in once for all', () => {
    const said = (action: string) => ({ ...text('a'), 'amazon-bedrock-guardrailAction': action });
    expect(readAll([said('NONE'), messageStop]).events.at(-1)).toEqual({ type: 'stream-end', guardrailAction: 'NONE' });
    expect(readAll([said('NONE'), metrics(1, 1)]).events.at(-1)).toHaveProperty('guardrailAction', 'NONE');
    expect(readAll([said('NONE'), said('INTERVENED'), said('NONE'), stop('end_turn')]).events.at(-1)).toEqual({
      type: 'stream-end',
      stopReason: 'filter',
      nativeStopReason: 'end_turn',
      guardrailAction: 'INTERVENED',
    });
  });
});

describe('an answer that a guardrail judges', () => {
  const action = (word: string) => ({ 'amazon-bedrock-guardrailAction': word });
  const isEndedAfter = (...documents: readonly object[]) => {
    const reader = createAnswerReader({ isGuarded: true });
    for (const document of documents) reader.read([chunk(document)]);
    return [reader.isEnded, reader.isComplete];
  };

  it.each([
    ['a stop reason', [text('a'), stop('end_turn')], [false, false]],
    ['metrics', [text('a'), metrics(1, 1)], [false, false]],
    ['an action before the end', [{ ...text('a'), ...action('NONE') }, stop('end_turn')], [false, false]],
    ['an action at the end', [text('a'), { ...metrics(1, 1), ...action('NONE') }], [true, true]],
    ['an action after the end', [text('a'), stop('end_turn'), { ...messageStop, ...action('NONE') }], [true, true]],
    ['an intervention before the end', [{ ...text('a'), ...action('INTERVENED') }, stop('end_turn')], [true, true]],
    ['an intervention without an end', [{ ...text('a'), ...action('INTERVENED') }], [false, false]],
    ['a soft end with an action', [{ generation: 'a', ...action('INTERVENED') }], [true, false]],
    [
      'a masked piece after others',
      [
        { outputText: 'a', index: 0 },
        { outputText: 'b', index: 0, ...action('INTERVENED') },
      ],
      [false, false],
    ],
  ] as const)('after %s', (_, documents, ended) => {
    expect(isEndedAfter(...documents)).toEqual(ended);
  });

  it('is whole at a clean end', () => {
    const reader = createAnswerReader({ isGuarded: true });
    expect(readAll([opening, text('a'), stop('end_turn')], reader).failure).toBeUndefined();
  });
});

describe('a stream of unknown shape', () => {
  it('is unsupported where it ended, and was cut where nothing came', () => {
    expect(readAll([{ odd: 1 }, { odd: 2 }])).toEqual({
      events: [
        { type: 'raw', value: { odd: 1 } },
        { type: 'raw', value: { odd: 2 } },
      ],
      failure: 'unsupported_stream',
    });
    expect(readAll([{ odd: 1 }, metrics(1, 1)])).toMatchObject({ failure: 'unsupported_stream' });
    expect(readAll(['"[DONE]"'])).toMatchObject({ failure: 'unsupported_stream' });
    expect(readAll([])).toEqual({ events: [], failure: 'upstream_truncated' });
  });

  it('is supported as soon as one chunk is known', () => {
    expect(readAll([{ odd: 1 }, messageStop])).not.toHaveProperty('failure');
    expect(readAll([messageStop, { odd: 1 }])).not.toHaveProperty('failure');
  });

  it('is not known by chunks that hold no text, such as embeddings', () => {
    expect(readAll([{ embedding: [1] }, metrics(1, 1)])).toMatchObject({ failure: 'unsupported_stream' });
  });

  it('is known by what it says, not by whether that is text', () => {
    expect(readAll([opening, messageStop]).events.map(({ type }) => type)).toEqual(['usage-report', 'stream-end']);
  });
});

describe('a stream that may have any shape', () => {
  it.each<[string, readonly unknown[], string | undefined]>([
    ['of unknown chunks is whole', [{ odd: 1 }, { odd: 2 }], undefined],
    ['of known chunks is whole where its end is marked', [text('a'), messageStop], undefined],
    ['of known chunks is cut where it is not', [text('a')], 'upstream_truncated'],
    ['of some known chunks is cut where it is not', [text('a'), { odd: 1 }], 'upstream_truncated'],
    ['of nothing is cut', [], 'upstream_truncated'],
    ['of an error stop reason is whole', [text('a'), stop('error')], undefined],
  ])('%s', (_, documents, failure) => {
    expect(readAll(documents, createAnswerReader({ anyShape: true })).failure).toBe(failure);
  });

  it('is cut where it ends within events of Converse, whether their types are known or not', () => {
    const reader = createAnswerReader({ anyShape: true });
    reader.read([{ ...chunk({ odd: 1 }), eventType: 'somethingNew' }]);
    expect(() => reader.end()).toThrow(expect.objectContaining({ code: 'upstream_truncated' }));
    const strict = createAnswerReader();
    strict.read([{ ...chunk({ odd: 1 }), eventType: 'somethingNew' }]);
    expect(() => strict.end()).toThrow(expect.objectContaining({ code: 'unsupported_stream' }));
  });
});

/** A chunk of each family whose text is `value`. */
const families: readonly (readonly [name: string, chunkOf: (value: unknown) => object])[] = [
  ['Claude', (text) => ({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } })],
  [
    'Claude at the start of a block',
    (text) => ({ type: 'content_block_start', content_block: { type: 'text', text } }),
  ],
  ['a whole message of Claude', (text) => ({ type: 'message', content: [{ type: 'text', text }] })],
  ['Claude completions', (completion) => ({ completion })],
  ['Converse', (text) => ({ contentBlockDelta: { delta: { text } } })],
  ['a whole answer of Converse', (text) => ({ output: { message: { content: [{ text }] } } })],
  ['Titan', (outputText) => ({ outputText })],
  ['a whole answer of Titan', (outputText) => ({ results: [{ outputText }] })],
  ['Llama', (generation) => ({ generation })],
  ['Mistral text', (text) => ({ outputs: [{ text }] })],
  ['a delta', (content) => ({ choices: [{ index: 0, delta: { content } }] })],
  ['a message', (content) => ({ choices: [{ message: { content } }] })],
  ['a choice', (text) => ({ choices: [{ text }] })],
  ['Command R', (text) => ({ event_type: 'text-generation', text })],
  ['a whole answer of Command R', (text) => ({ response_id: 'r', text })],
  ['Command', (text) => ({ is_finished: false, text })],
  ['a whole answer of Command', (text) => ({ generations: [{ text }] })],
  ['Pegasus', (message) => ({ message, stopReason: '' })],
  ['Jurassic', (text) => ({ completions: [{ data: { text } }] })],
  ['a token', (text) => ({ token: { text } })],
  ['a generated text', (generated_text) => ({ generated_text })],
];

describe.each(families)('the text of %s', (_, chunkOf) => {
  // A chunk of the same shape without text: the stream has a known shape without the one after it.
  const empty = chunkOf('');

  it('may be a list of parts', () => {
    const parts = [
      { type: 'thinking', thinking: [{ type: 'text', text: 'hm' }] },
      { type: 'text', text: 'Blue' },
    ];
    const { events, failure } = readAll([chunkOf(parts), metrics(3, 2)]);
    expect(failure).toBeUndefined();
    expect(events.map((event) => ('text' in event ? `${event.type} ${event.text}` : event.type))).toEqual([
      'reasoning-delta hm',
      'text-delta Blue',
      'usage-report',
      'stream-end',
    ]);
  });

  it.each<unknown>([7, true, { value: 'Blue' }, ['Blue'], [{ type: 'picture', url: 'x' }]])(
    'is never an empty success if it is %j',
    (value) => {
      expect(readAll([empty, chunkOf(value), metrics(3, 2)])).toMatchObject({ failure: 'unsupported_stream' });
      expect(readAll([chunkOf(value), { ...messageStop, ...metrics(3, 0) }])).not.toHaveProperty('failure');
      expect(readAll([chunkOf(value), metrics(3, 0)])).toMatchObject({ failure: 'unsupported_stream' });
    },
  );

  it('may be of another type beside text that was read', () => {
    expect(readAll([chunkOf(7), text('Hi'), metrics(3, 2)])).not.toHaveProperty('failure');
  });

  it.each([null, undefined, '', {}, []])('may be empty: %j', (value) => {
    expect(readAll([empty, chunkOf(value), metrics(3, 2)])).not.toHaveProperty('failure');
  });
});

it('a text of another type is a failure with its cause, if the model counted any output', () => {
  const cause = expect.objectContaining({ message: 'the text of the answer has an unknown type' });
  const reader = createAnswerReader();
  reader.read([chunk({ generation: 7 }), chunk(messageStop)]);
  expect(reader.end()).toEqual([{ type: 'stream-end' }]);
  reader.read([chunk(metrics(3, 1))]);
  expect(() => reader.end()).toThrow(expect.objectContaining({ code: 'unsupported_stream', cause }));
});

it('a text of another type is no failure beside a call of a tool', () => {
  const call = { type: 'content_block_start', index: 1, content_block: { type: 'tool_use', id: 't', name: 'find' } };
  expect(readAll([call, { generation: 7 }, metrics(3, 2)])).not.toHaveProperty('failure');
});

it('a text of another type is no failure for a reader of any shape', () => {
  const reader = createAnswerReader({ anyShape: true });
  expect(readAll([{ generation: 7 }, metrics(3, 2)], reader)).not.toHaveProperty('failure');
});

it('a whole text after its pieces is not read again', () => {
  expect(textOf(readAll([{ token: { text: 'Hi' } }, { generated_text: 'Hi' }]))).toBe('Hi');
  expect(textOf(readAll([{ generated_text: 'Hi' }]))).toBe('Hi');
});

it('a choice with a negative index is neither text nor an end of output 0', () => {
  const other = { index: -1, delta: { content: 'no' }, finish_reason: 'stop' };
  expect(readAll([{ choices: [other, { index: 0, delta: { content: 'Hi' } }] }, { choices: [other] }])).toEqual({
    events: [{ type: 'text-delta', text: 'Hi' }],
    failure: 'upstream_truncated',
  });
});

describe('a failure in a chunk', () => {
  it.each<readonly [name: string, first: object, failing: object, code: string]>([
    ['an error object', { generation: 'par' }, { error: { message: 'gone', code: 500 } }, 'upstream_error'],
    ['an error text', { generation: 'par' }, { error: 'overloaded' }, 'upstream_error'],
    ['an exception', { outputs: [{ text: 'par' }] }, { modelStreamErrorException: { message: 'x' } }, 'upstream_error'],
    ['a refused payload', { generation: 'par' }, { error: { message: 'long', code: 400 } }, 'upstream_validation'],
    ['a throttled model', text('par'), { error: { message: 'slow', code: 429 } }, 'throttled'],
    ['a failure beside text', text('par'), { choices: [{ delta: { content: 'x' } }], error: 'gone' }, 'upstream_error'],
  ])('is the end of the stream: %s', (_, first, failing, code) => {
    for (const last of [[failing], [{ ...failing, ...metrics(3, 1) }], [failing, metrics(3, 1), '"[DONE]"']]) {
      const read = readAll([first, ...last]);
      expect(read.failure).toBe(code);
      expect(textOf(read)).toBe('par');
      expect(readAll(last)).toEqual({ events: [], failure: code });
    }
  });

  it('is not read from the type of a chunk whose family is known', () => {
    expect(readAll([{ generation: 'a', type: 'abort' }, messageStop])).not.toHaveProperty('failure');
  });

  it('brings its counts and its chunk', () => {
    const reader = createAnswerReader();
    const failing = chunk({ error: 'gone', ...metrics(3, 1) });
    const failure = failureOf(reader.read([failing]));
    expect(failure?.upstream?.chunk).toBe(failing.bytes);
    expect(reader.usage).toEqual({ inputTokens: 3, outputTokens: 1 });
  });

  const inBand = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } };

  it('comes after what was said before it, and nothing after it is read', () => {
    const reader = createAnswerReader();
    const read = reader.read([chunk(text('a')), chunk(inBand), chunk(text('b')), chunk(messageStop)]);
    expect(read.events).toEqual([{ type: 'text-delta', text: 'a', index: 0 }]);
    expect(read.chunks.map(({ value }) => value)).toEqual([text('a')]);
    expect(failureOf(read)?.code).toBe('upstream_unavailable');
    expect(reader.isEnded).toBe(false);
  });

  it.each([
    ['is no JSON', '{"a":'],
    ['is empty', ''],
    ['is an event of its own', 'data: {"choices":[{"delta":{"content":"Hi"}}]}\n\n'],
  ])('that %s means that the stream is corrupt, or not JSON from the start', (_, document) => {
    expect(readAll([text('a'), document])).toMatchObject({ failure: 'upstream_truncated' });
    expect(readAll([document])).toMatchObject({ failure: 'unsupported_stream' });
    expect(createAnswerReader().read([chunk(document)]).failure?.cause).toMatchObject({
      message: 'a chunk of the answer is not JSON',
    });
  });

  it('may be a view of a larger buffer, of any kind', () => {
    const document = new TextEncoder().encode(JSON.stringify(text('世界')));
    const larger = new Uint8Array(document.length + 20).fill(0xff);
    larger.set(document, 10);
    const { events } = createAnswerReader().read([{ bytes: larger.subarray(10, 10 + document.length) }]);
    expect(events).toEqual([{ type: 'text-delta', text: '世界', index: 0 }]);
  });

  it('that is no UTF-8 means the same: no replacement character is made up', () => {
    const bytes = Buffer.from(JSON.stringify(text('é')), 'latin1');
    expect(createAnswerReader().read([{ bytes }])).toMatchObject({
      events: [],
      failure: { code: 'upstream_truncated' },
    });
  });
});

describe('the counts', () => {
  it('are known while the stream is open, and those of Bedrock go before those of the model, except a smaller output count', () => {
    const reader = createAnswerReader();
    expect(reader.usage).toEqual({});
    reader.read([chunk(opening)]);
    expect(reader.usage).toEqual({ inputTokens: 3, outputTokens: 1 });
    reader.read([chunk({ ...text('a'), ...metrics(30, 4) })]);
    reader.read([chunk(stop('end_turn', 9))]);
    expect(reader.usage).toEqual({ inputTokens: 30, outputTokens: 9 });
    expect(reader.nativeStopReason).toBe('end_turn');
  });

  it('are added to counter by counter', () => {
    const reader = createAnswerReader();
    reader.read([chunk(opening), chunk(stop('end_turn', 9))]);
    expect(reader.usage).toEqual({ inputTokens: 3, outputTokens: 9 });
    reader.read([chunk({ 'amazon-bedrock-invocationMetrics': { cacheReadInputTokenCount: 7 } })]);
    reader.read([chunk({ 'amazon-bedrock-invocationMetrics': { outputTokenCount: 8 } })]);
    expect(reader.usage).toEqual({ inputTokens: 3, outputTokens: 9, cacheReadTokens: 7 });
  });

  it.each([
    ['a tool call that Bedrock counts in part', 133, 97, 133],
    ['a count of Bedrock that is larger', 97, 133, 133],
    ['a zero of the model', 0, 97, 97],
    ['a zero of Bedrock', 133, 0, 133],
    ['zeros', 0, 0, 0],
  ])('are the larger output count for %s', (_, model, bedrock, expected) => {
    const reader = createAnswerReader();
    reader.read([chunk(stop('tool_use', model)), chunk({ ...messageStop, ...metrics(30, bedrock) })]);
    expect(reader.usage.outputTokens).toBe(expected);
  });

  it('do not take the estimate at the start of Claude for a final count', () => {
    const reader = createAnswerReader();
    reader.read([chunk({ type: 'message_start', message: { usage: { output_tokens: 8 } } })]);
    reader.read([chunk({ ...messageStop, ...metrics(30, 4) })]);
    expect(reader.usage).toEqual({ inputTokens: 30, outputTokens: 4 });
  });

  it('are never overwritten by a zero', () => {
    const reader = createAnswerReader();
    const usage = { input_tokens: 20, output_tokens: 1, cache_read_input_tokens: 7 };
    reader.read([chunk({ type: 'message_start', message: { usage } })]);
    const zeros = { input_tokens: 0, output_tokens: 5, cache_read_input_tokens: 0 };
    reader.read([chunk({ type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: zeros })]);
    reader.read([chunk(metrics(0, 0))]);
    expect(reader.usage).toEqual({ inputTokens: 20, outputTokens: 5, cacheReadTokens: 7 });
  });

  it('are not reported where there are none', () => {
    expect(readAll([text('a'), messageStop]).events.map(({ type }) => type)).toEqual(['text-delta', 'stream-end']);
  });
});

it('measures deltas without parsing them, for a stream of any shape, once there was text', () => {
  const delta = (text: string) => ({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } });
  const stop = { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 5 } };
  const batch = [delta('H'), delta('allo'), delta('!'), stop].map((each) => ({
    bytes: Buffer.from(JSON.stringify(each)),
  }));
  const passing = createAnswerReader({ anyShape: true });
  const { chunks, events } = passing.read(batch);
  expect(chunks).toStrictEqual(
    [delta('H'), undefined, undefined, stop].map((value, index) => ({ bytes: batch[index]?.bytes, value })),
  );
  expect(events).toEqual([{ type: 'text-delta', text: 'H', index: 0 }]);
  expect(passing).toMatchObject({ textLength: 6, isEnded: true, usage: { outputTokens: 5 } });
  const reading = createAnswerReader();
  reading.read(batch);
  expect(reading.textLength).toBe(6);
});

it('measures deltas of Converse the same way, under their type', () => {
  const delta = (value: string) => ({
    bytes: Buffer.from(JSON.stringify({ delta: { text: value }, contentBlockIndex: 0 })),
    eventType: 'contentBlockDelta',
  });
  const reader = createAnswerReader({ anyShape: true });
  reader.read([delta('a')]);
  const { chunks } = reader.read([delta('bc')]);
  expect(chunks).toStrictEqual([{ ...delta('bc'), value: undefined }]);
  expect(reader.textLength).toBe(3);
});

it('a measured delta takes the end that a guardrail marked back, unless it is empty', () => {
  const delta = (value: string) => chunk(text(value));
  const reader = createAnswerReader({ anyShape: true });
  reader.read([delta('a'), chunk({ generation: 'b', 'amazon-bedrock-guardrailAction': 'INTERVENED' })]);
  expect(reader.isEnded).toBe(true);
  reader.read([delta('')]);
  expect(reader.isEnded).toBe(true);
  reader.read([delta('c')]);
  expect(reader.isEnded).toBe(false);
});

it('reads a delta of text in the form of its maker as it reads it in any other form', () => {
  const delta = fc.record({ text: fc.oneof(fc.string({ unit: 'grapheme' }), anyCharacter), index: fc.nat(9) });
  fc.assert(
    fc.property(fc.array(delta, { maxLength: 4 }), fc.boolean(), (deltas, isConverse) => {
      const [plain, spaced] = ['', ' '].map((space) => {
        const reader = createAnswerReader();
        const batch = deltas.map(({ text, index }) => {
          const document = isConverse
            ? { contentBlockIndex: index, delta: { text }, p: 'ab' }
            : { type: 'content_block_delta', index, delta: { type: 'text_delta', text } };
          const bytes = Buffer.from(JSON.stringify(document) + space);
          return isConverse ? { bytes, eventType: 'contentBlockDelta' } : { bytes };
        });
        const { chunks, events, ...rest } = reader.read(batch);
        const { textLength, isEnded, usage } = reader;
        const end = readAll([], reader);
        return { values: chunks.map(({ value }) => value), events, rest, end, facts: [textLength, isEnded, usage] };
      });
      expect(plain).toStrictEqual(spaced);
    }),
  );
});
