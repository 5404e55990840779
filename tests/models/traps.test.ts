import { type ModelEvent, streamModel } from '@bedrock-proxy/core';
import { FakeInvoker, type JsonDocument } from '@bedrock-proxy/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { metrics } from './fixtures/family-fixture.ts';
import { readAccount, textOfEvents } from './read-account.ts';

const input = { modelId: 'any.model', payload: {} };
const secret = 'IBAN DE02 1203 0000';
const trace = { 'amazon-bedrock-trace': { guardrail: { modelOutput: [secret], input: { text: secret } } } };
const intervened = { 'amazon-bedrock-guardrailAction': 'INTERVENED' };

const collect = (...chunks: JsonDocument[]) => streamModel(new FakeInvoker().replyChunks(...chunks), input).collect();
const account = (...chunks: JsonDocument[]) =>
  readAccount(new FakeInvoker().replyChunks(...chunks), { modelId: 'any.model', stream: true });
const llama = (generation: string, more: object = {}) => ({ generation, ...more });
const llamaEnd = { generation: '', stop_reason: 'stop', ...metrics(1, 1) };

describe('text', () => {
  it('is joined and not normalised if several deltas split a combining sequence', async () => {
    const deltas = ['e', '\u0301', '\u{1F469}', '\u200d', '\u{1F680}', '\ufeff', '\u00e9'];
    const { text } = await collect(...deltas.map((delta) => llama(delta)), llamaEnd);
    expect(text).toBe(deltas.join(''));
  });

  it('is complete if two deltas split a surrogate pair', async () => {
    const { text } = await collect('{"generation":"Hi \\ud83c"}', '{"generation":"\\udf0a!"}', llamaEnd);
    expect(text).toBe('Hi \u{1F30A}!');
  });

  it('has no event for an empty delta or an empty first block', async () => {
    const fake = new FakeInvoker().replyChunks(
      { contentBlockDelta: { delta: { text: '' }, contentBlockIndex: 0 } },
      { contentBlockDelta: { delta: { reasoningContent: { text: 'hm' } }, contentBlockIndex: 1 } },
      { contentBlockDelta: { delta: { text: 'Hi' }, contentBlockIndex: 2 } },
      { messageStop: { stopReason: 'end_turn' } },
    );
    const types: ModelEvent['type'][] = [];
    for await (const event of streamModel(fake, input)) types.push(event.type);
    expect(types).toEqual(['reasoning-delta', 'text-delta', 'stream-end']);
  });

  it('keeps the tags that a model writes, also if deltas split them', async () => {
    const deltas = ['<reason', 'ing>a</reasoning><reasoning> b</reasoning>', '2', '</think>'];
    const { text, reasoning } = await collect(
      ...deltas.map((content) => ({ choices: [{ index: 0, delta: { content } }] })),
      { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
    );
    expect([text, reasoning]).toEqual([deltas.join(''), '']);
  });

  it('is not doubled if the last chunk repeats it', async () => {
    const { text } = await collect(
      { is_finished: false, event_type: 'text-generation', text: 'Once' },
      {
        is_finished: true,
        event_type: 'stream-end',
        text: 'Once',
        response: { text: 'Once' },
        finish_reason: 'COMPLETE',
      },
    );
    expect(text).toBe('Once');
  });

  it('is empty, without an error, for a refusal without content blocks', async () => {
    const answer = await collect(
      { type: 'message_start', message: { content: [], usage: { input_tokens: 5, output_tokens: 1 } } },
      { type: 'message_delta', delta: { stop_reason: 'refusal' }, usage: { output_tokens: 0 } },
      { type: 'message_stop' },
    );
    expect(answer).toMatchObject({ text: '', stopReason: 'filter', nativeStopReason: 'refusal' });
  });
});

describe('a chunk', () => {
  it('is ignored if it is a JSON string, a number, an array or null', async () => {
    await expect(collect(llama('Hi'), '"a string"', '7', '[1]', 'null', llamaEnd)).resolves.toMatchObject({
      text: 'Hi',
    });
  });

  it('with only metrics gives the counts and the end, but no raw event', async () => {
    const fake = new FakeInvoker().replyChunks({ choices: [{ text: 'Hi' }] }, { choices: [] }, metrics(4, 2));
    const events: ModelEvent[] = [];
    for await (const event of streamModel(fake, input)) events.push(event);
    expect(events).toEqual([
      { type: 'text-delta', text: 'Hi' },
      { type: 'usage-report', usage: { inputTokens: 4, outputTokens: 2 } },
      { type: 'stream-end' },
    ]);
  });

  it('with a number as its stop reason does not replace an earlier word', async () => {
    const choice = { index: 0, delta: { content: '' }, finish_reason: 'stop', stop_reason: 518 };
    const { nativeStopReason } = await collect({ choices: [choice] }, { choices: [{ stop_reason: 9, text: '' }] });
    expect(nativeStopReason).toBe('stop');
  });

  it('with counts as floats or strings gives whole numbers', async () => {
    const { usage } = await collect(
      { outputText: 'Hi', index: 0.0, inputTextTokenCount: 28.4 },
      {
        outputText: '',
        totalOutputTextTokenCount: '188',
        'amazon-bedrock-invocationMetrics': { inputTokenCount: '27.0' },
      },
    );
    expect(usage).toEqual({ inputTokens: 27, outputTokens: 188 });
  });

  it('of an unknown family is passed on raw with its counts, and the stream ends as unsupported', async () => {
    const chunks = [{ answer: 'hel' }, { answer: 'lo', why: 'done', ...metrics(3, 2) }];
    const fake = new FakeInvoker().replyChunks(...chunks);
    const events: ModelEvent[] = [];
    const read = async () => {
      for await (const event of streamModel(fake, input)) events.push(event);
    };
    await expect(read()).rejects.toMatchObject({ code: 'unsupported_stream' });
    expect(events).toEqual(chunks.map((value) => ({ type: 'raw', value })));
    expect((await account(...chunks)).record).toMatchObject({
      code: 'unsupported_stream',
      terminal: 'error',
      inputTokens: 3,
      outputTokens: 2,
    });
  });

  it.each([
    ['embeddings', { embedding: [0.5], inputTextTokenCount: 4 }],
    ['pictures', { images: ['R0lG'], error: null }],
    ['a ranking', { results: [{ index: 0, relevance_score: 0.5 }] }],
  ])('that is a whole body of %s is passed on raw, and the stream ends as unsupported', async (_, body) => {
    const events: ModelEvent[] = [];
    const read = async () => {
      for await (const event of streamModel(new FakeInvoker().replyBody(body), input)) events.push(event);
    };
    await expect(read()).rejects.toMatchObject({ code: 'unsupported_stream' });
    expect(events).toEqual([{ type: 'raw', value: body }]);
  });
});

describe('a guardrail', () => {
  it('that blocked the input of Claude is reported, although the stop reason is end_turn and the counts are zero', async () => {
    const answer = await collect(
      { type: 'message_start', message: { id: 'bedrock-guardrails-1', usage: { input_tokens: 0, output_tokens: 0 } } },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'No.' } },
      { type: 'message_delta', delta: { stop_reason: 'end_turn' } },
      { type: 'message_stop', ...intervened, ...trace },
    );
    expect(answer).toEqual({
      text: 'No.',
      reasoning: '',
      toolCalls: [],
      usage: { inputTokens: 0, outputTokens: 0 },
      stopReason: 'filter',
      nativeStopReason: 'end_turn',
      guardrailAction: 'INTERVENED',
    });
  });

  it.each([
    ['Llama', { generation: 'No.', ...intervened, ...trace }],
    ['Llama with null counts', { generation: 'No.', prompt_token_count: null, stop_reason: null, ...intervened }],
    ['Titan', { outputText: 'No.', index: 0.0, ...intervened, ...trace }],
    ['Titan with counts', { outputText: 'No.', totalOutputTextTokenCount: 3.0, inputTextTokenCount: 6, ...intervened }],
  ])('that answers instead of %s ends the answer', async (_, chunk) => {
    await expect(collect(chunk)).resolves.toMatchObject({ text: 'No.', stopReason: 'filter' });
  });

  it.each([
    ['Llama', { generation: 'Yes', prompt_token_count: 5, generation_token_count: 1, ...intervened }],
    ['Titan', { outputText: 'Yes', inputTextTokenCount: 28.0, ...intervened }],
    ['Llama with the action NONE', { generation: 'Yes', 'amazon-bedrock-guardrailAction': 'NONE' }],
  ])('that lets text of %s pass does not end the answer', async (_, chunk) => {
    await expect(collect(chunk)).rejects.toMatchObject({ code: 'upstream_truncated' });
  });

  it('that intervened once is still reported after a later NONE', async () => {
    const { guardrailAction, stopReason } = await collect(
      { contentBlockDelta: { delta: { text: '{NAME}' } }, ...intervened },
      { contentBlockDelta: { delta: { text: '!' } }, 'amazon-bedrock-guardrailAction': 'NONE' },
      { messageStop: { stopReason: 'end_turn' } },
    );
    expect([guardrailAction, stopReason]).toEqual(['INTERVENED', 'filter']);
  });

  it('that did nothing does not change the stop reason', async () => {
    const none = { 'amazon-bedrock-guardrailAction': 'NONE' };
    await expect(collect({ ...llama('Hi'), stop_reason: 'length', ...none })).resolves.toMatchObject({
      stopReason: 'length',
      guardrailAction: 'NONE',
    });
  });

  it.each([
    ['a last chunk', [llama('{IBAN}'), { ...llamaEnd, ...intervened, ...trace }]],
    ['a chunk of its own', [llama('{IBAN}'), { ...metrics(1, 1), ...intervened, ...trace }]],
    [
      'the metadata of Converse',
      [
        { contentBlockDelta: { delta: { text: '{IBAN}' } } },
        { messageStop: { stopReason: 'guardrail_intervened' } },
        { metadata: { usage: { inputTokens: 1, outputTokens: 1 }, trace: { guardrail: { modelOutput: [secret] } } } },
      ],
    ],
  ])('keeps the unmasked text in %s from the client and the log', async (_, chunks) => {
    const { body, log } = await account(...chunks);
    expect(textOfEvents(body)).toBe('{IBAN}');
    expect(`${body}${log}`).not.toContain(secret);
  });
});

describe('a failure', () => {
  it('in a chunk keeps the text before it and the known counts', async () => {
    const { body, record } = await account(
      { type: 'message_start', message: { usage: { input_tokens: 20, output_tokens: 1 } } },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Par' } },
      { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } },
    );
    expect(textOfEvents(body)).toBe('Par');
    expect(record).toMatchObject({ code: 'upstream_unavailable', terminal: 'error', inputTokens: 20, outputTokens: 1 });
  });

  const choice = (delta: object, more: object = {}) => ({
    choices: [{ index: 0, delta, finish_reason: null, ...more }],
  });
  const dead = { error: { message: 'the engine is dead', code: 500 } };

  it.each<readonly [name: string, chunks: readonly JsonDocument[], code: string]>([
    ['an error with metrics', [choice({ content: 'par' }), { ...dead, ...metrics(3, 1) }], 'upstream_error'],
    ['an error, then [DONE]', [choice({ content: 'par' }), dead, '"[DONE]"'], 'upstream_error'],
    ['an error as text', [llama('par'), { error: 'overloaded' }], 'upstream_error'],
    ['an error of a refused payload', [llama('par'), { error: { message: 'long', code: 422 } }], 'upstream_validation'],
    ['an error of a rate', [llama('par'), { error: { message: 'slow', code: 429 } }], 'throttled'],
    [
      'an exception',
      [llama('par'), { modelStreamErrorException: { message: 'x' }, ...metrics(3, 1) }],
      'upstream_error',
    ],
    ['an abort', [choice({ content: 'par' }), choice({}, { finish_reason: 'abort' })], 'upstream_error'],
    ['an abort as an object', [llama('par'), choice({}, { finish_reason: { type: 'abort' } })], 'upstream_error'],
    ['an abort of Llama', [llama('par'), llama('', { stop_reason: 'abort', ...metrics(3, 1) })], 'upstream_error'],
    ['a reset after a guardrail', [llama('p', intervened), llama('ar')], 'upstream_truncated'],
    [
      'an end of another output',
      [llama('par'), choice({}, { index: -1, finish_reason: 'stop' })],
      'upstream_truncated',
    ],
    ['a text of another type', [llama('par'), 'data: {"generation":"x"}'], 'upstream_truncated'],
  ])('is the one end of a stream: %s', async (_, chunks, code) => {
    const { body, record } = await account(...chunks);
    expect(textOfEvents(body)).toBe('par');
    expect(body).not.toContain('[DONE]');
    expect(body.match(/"error":/g)).toHaveLength(1);
    expect(record).toMatchObject({ status: 200, code, terminal: 'error' });
  });

  it.each<readonly [name: string, chunks: readonly JsonDocument[], status: number, code: string]>([
    ['an error', [dead], 502, 'upstream_error'],
    [
      'an error of a refused payload',
      [{ error: { message: 'max_tokens is 9', code: 400 } }],
      400,
      'upstream_validation',
    ],
    ['an error of a rate', [{ error: 'slow', code: 429 }, '"[DONE]"'], 429, 'throttled'],
    ['an exception', [{ throttlingException: { message: 'slow' } }], 429, 'throttled'],
    ['Server-Sent Events', ['data: {"choices":[]}\n\n', 'data: [DONE]\n\n'], 502, 'unsupported_stream'],
  ])('as the first chunk is the status of the answer: %s', async (_, chunks, status, code) => {
    const { body, record, log } = await account(...chunks);
    expect(JSON.parse(body)).toMatchObject({ error: { code } });
    expect(record).toMatchObject({ status, code });
    expect(log).toContain('request.error');
  });

  it('is reported for an answer whose text has another type', async () => {
    const { body, record } = await account(choice({ content: { value: 'Blue' } }), {
      ...choice({}, { finish_reason: 'stop' }),
      ...metrics(3, 5),
    });
    expect(body).not.toContain('[DONE]');
    expect(record).toMatchObject({ code: 'unsupported_stream', outputTokens: 5 });
    const parts = await account(
      choice({ content: [{ type: 'text', text: 'Blue' }] }),
      choice({}, { finish_reason: 'stop' }),
    );
    expect(textOfEvents(parts.body)).toBe('Blue');
    expect(parts.body.endsWith('data: [DONE]\n\n')).toBe(true);
  });

  it.each(['ERROR', 'malformed_model_output', 'malformed_tool_use'])(
    'is reported for the stop reason %s',
    async (word) => {
      const { body, record } = await account(llama('Par'), { ...llamaEnd, stop_reason: word });
      expect(textOfEvents(body)).toBe('Par');
      expect(body).not.toContain('[DONE]');
      expect(record).toMatchObject({ code: 'upstream_error', terminal: 'error', stopReason: word, outputTokens: 1 });
    },
  );
});

it('any JSON that a model sends ends in a known outcome', async () => {
  const keys = [
    'type',
    'completion',
    'contentBlockDelta',
    'contentBlockStart',
    'messageStop',
    'metadata',
    'output',
    'outputText',
    'generation',
    'outputs',
    'choices',
    'event_type',
    'generations',
    'is_finished',
    'message',
    'stopReason',
    'results',
    'completions',
    'delta',
    'usage',
    'index',
    'content',
    'text',
    'tool_calls',
    'amazon-bedrock-invocationMetrics',
    'amazon-bedrock-guardrailAction',
  ];
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom(
        'message_start',
        'content_block_delta',
        'message',
        'tool-calls-generation',
        'stream-end',
        'stop',
        '',
      ),
      fc.oneof(fc.double(), fc.integer(), fc.boolean(), fc.constant(null), fc.string()),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...keys), tie('value'), { maxKeys: 4 }),
    ),
  }));
  await fc.assert(
    fc.asyncProperty(fc.array(value, { minLength: 1, maxLength: 4 }), async (chunks) => {
      const outcome: unknown = await collect(...chunks.map((chunk) => JSON.stringify(chunk))).catch(
        (error: unknown) => error,
      );
      expect((outcome as { code?: string }).code ?? 'done').toMatch(
        /^(?:done|upstream_\w+|unsupported_stream|throttled|model_not_found)$/,
      );
    }),
    { numRuns: 500 },
  );
});
