import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isProxyError } from '../errors/proxy-error.js';
import { type AnswerReader, createAnswerReader } from './answer-reader.js';

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

/** Reads documents, one batch each, and says how the stream ended. */
function readAll(documents: readonly unknown[], reader: AnswerReader = createAnswerReader()) {
  const events = [];
  for (const document of documents) {
    const read = reader.read([chunk(document)]);
    events.push(...read.events);
    if (read.failure) return { events, failure: read.failure.code };
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
      readAll([opening, text('Hel'), text('lo'), stop('end_turn'), { ...messageStop, ...metrics(30, 4) }]),
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

  it('gives a surrogate half that nothing joined at its end', () => {
    expect(textOf(readAll([text('a\ud83d'), messageStop]))).toBe('a\ud83d');
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

  it.each(['error', 'malformed_model_output', 'Malformed_Tool_Use'])('of %s is a failure', (native) => {
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
});

describe('a failure in a chunk', () => {
  const inBand = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } };

  it('comes after what was said before it, and nothing after it is read', () => {
    const reader = createAnswerReader();
    const read = reader.read([chunk(text('a')), chunk(inBand), chunk(text('b')), chunk(messageStop)]);
    expect(read.events).toEqual([{ type: 'text-delta', text: 'a', index: 0 }]);
    expect(read.chunks.map(({ value }) => value)).toEqual([text('a')]);
    expect(read.failure?.code).toBe('upstream_unavailable');
    expect(reader.isEnded).toBe(false);
  });

  it.each([
    ['is no JSON', '{"a":'],
    ['is empty', ''],
  ])('that %s means that the stream is corrupt', (_, document) => {
    expect(readAll([text('a'), document])).toMatchObject({ failure: 'upstream_truncated' });
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
  it('are known while the stream is open, and those of Bedrock go before those of the model', () => {
    const reader = createAnswerReader();
    expect(reader.usage).toEqual({});
    reader.read([chunk(opening)]);
    expect(reader.usage).toEqual({ inputTokens: 3, outputTokens: 1 });
    reader.read([chunk({ ...text('a'), ...metrics(30, 4) })]);
    reader.read([chunk(stop('end_turn', 9))]);
    expect(reader.usage).toEqual({ inputTokens: 30, outputTokens: 4 });
    expect(reader.nativeStopReason).toBe('end_turn');
  });

  it('are added to counter by counter', () => {
    const reader = createAnswerReader();
    reader.read([chunk(opening), chunk(stop('end_turn', 9))]);
    expect(reader.usage).toEqual({ inputTokens: 3, outputTokens: 9 });
    reader.read([chunk({ 'amazon-bedrock-invocationMetrics': { cacheReadInputTokenCount: 7 } })]);
    reader.read([chunk({ 'amazon-bedrock-invocationMetrics': { outputTokenCount: 8 } })]);
    expect(reader.usage).toEqual({ inputTokens: 3, outputTokens: 8, cacheReadTokens: 7 });
  });

  it('are not reported where there are none', () => {
    expect(readAll([text('a'), messageStop]).events.map(({ type }) => type)).toEqual(['text-delta', 'stream-end']);
  });
});

it('measures deltas without parsing them, for a stream of any shape, once there was text', () => {
  const delta = (text: string) => ({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } });
  const stop = { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 5 } };
  const batch = [delta('Hel'), delta('lo'), delta('!'), stop].map((each) => ({
    bytes: Buffer.from(JSON.stringify(each)),
  }));
  const passing = createAnswerReader({ anyShape: true });
  const { chunks, events } = passing.read(batch);
  expect(chunks.map(({ value }) => value)).toEqual([delta('Hel'), undefined, undefined, stop]);
  expect(events).toEqual([{ type: 'text-delta', text: 'Hel', index: 0 }]);
  expect(passing).toMatchObject({ textLength: 6, isEnded: true, usage: { outputTokens: 5 } });
  const reading = createAnswerReader();
  reading.read(batch);
  expect(reading.textLength).toBe(6);
});
