import { describe, expect, it } from 'vitest';
import type { CallMeta, ModelAnswer } from '../../ports/model-invoker.js';
import type { OpenAiModelSettings } from '../../routing/model-alias.js';
import { admittedHead } from '../admitted-head.test-helper.js';
import { embeddingsCodec } from './embeddings-codec.js';

const titan = 'amazon.titan-embed-text-v2:0';
const head = admittedHead({ path: '/v1/embeddings' });

function parse(members: object) {
  return embeddingsCodec.parse(Buffer.from(JSON.stringify({ model: titan, input: 'Hi', ...members })), head);
}

function sent(members: object, openai?: OpenAiModelSettings) {
  const call = parse(members);
  const model = { id: call.modelId, ...(openai && { settings: { openai } }) };
  const bodies = call.bodies(model);
  if ('status' in bodies) throw new Error('Embeddings call the model.');
  return { call, bodies: bodies.map((body) => JSON.parse(Buffer.from(body).toString())) };
}

function answer(value: unknown, reportedTokens?: CallMeta['reportedTokens']): ModelAnswer {
  const meta = { attempts: 1, ...(reportedTokens && { reportedTokens }) };
  return { body: Buffer.from(JSON.stringify(value)), contentType: 'application/json', meta };
}

function embed(members: object, answers: readonly ModelAnswer[]) {
  const { call } = sent(members);
  const { headers, body } = call.whole(answers, 'served');
  expect(headers).toEqual({ 'content-type': 'application/json' });
  return JSON.parse(String(body));
}

describe('a request for embeddings', () => {
  it.each<[string, object, object]>([
    ['amazon.titan-embed-text-v1', { dimensions: 1_536 }, { inputText: 'Hi' }],
    [titan, { dimensions: 256, normalize: true }, { inputText: 'Hi', dimensions: 256, normalize: true }],
    [
      'amazon.titan-embed-image-v1',
      { dimensions: 384 },
      { inputText: 'Hi', embeddingConfig: { outputEmbeddingLength: 384 } },
    ],
    ['amazon.titan-embed-image-v1', {}, { inputText: 'Hi' }],
    ['cohere.embed-english-v3', {}, { texts: ['Hi'], input_type: 'search_document' }],
    [
      'us.cohere.embed-v4:0',
      { dimensions: 512, input_type: 'search_query', truncate: 'END' },
      { texts: ['Hi'], input_type: 'search_query', truncate: 'END', embedding_types: ['float'], output_dimension: 512 },
    ],
    [
      'amazon.nova-2-multimodal-embeddings-v1:0',
      { dimensions: 1_024, embeddingPurpose: 'TEXT_RETRIEVAL' },
      {
        taskType: 'SINGLE_EMBEDDING',
        singleEmbeddingParams: {
          embeddingPurpose: 'TEXT_RETRIEVAL',
          embeddingDimension: 1_024,
          text: { truncationMode: 'NONE', value: 'Hi' },
        },
      },
    ],
  ])('is in the words of the model: %s %j', (model, members, body) => {
    expect(sent({ model, ...members }).bodies).toEqual([body]);
  });

  it('is one call for each text, or for 96 of them', () => {
    const input = Array.from({ length: 97 }, (_, index) => String(index));
    expect(sent({ input }).bodies).toHaveLength(97);
    const { bodies } = sent({ model: 'cohere.embed-english-v3', input });
    expect(bodies.map(({ texts }) => texts.length)).toEqual([96, 1]);
    expect(bodies.flatMap(({ texts }) => texts)).toEqual(input);
  });

  it('is for the model that the operator names, if the id does not tell', () => {
    const model = 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc';
    expect(sent({ model }, { embedding: 'titan-embed-text-v2' }).bodies).toEqual([{ inputText: 'Hi' }]);
    expect(() => sent({ model })).toThrow(expect.objectContaining({ code: 'invalid_model' }));
    expect(() => sent({ model: 'anthropic.claude-opus-5' })).toThrow(
      expect.objectContaining({ code: 'invalid_model' }),
    );
  });

  it.each<[object, string]>([
    [{ input: '' }, 'input'],
    [{ input: [] }, 'input'],
    [{ input: ['a', ''] }, 'input[1]'],
    [{ input: [{}] }, 'input[0]'],
    [{ input: Array(2_049).fill('a') }, 'input'],
    [{ input: [1, 2] }, 'input'],
    [{ input: [[1, 2]] }, 'input'],
    [{ model: 7 }, 'model'],
    [{ encoding_format: 'int8' }, 'encoding_format'],
    [{ dimensions: 1.5 }, 'dimensions'],
    [{ dimensions: 300 }, 'dimensions'],
    [{ model: 'cohere.embed-english-v3', dimensions: 512 }, 'dimensions'],
  ])('names what is wrong: %j', (members, path) => {
    expect(() => sent(members)).toThrow(
      expect.objectContaining({ code: 'invalid_request', issues: [expect.objectContaining({ path })] }),
    );
  });

  it('tells LangChain for Python how to send text', () => {
    expect(() => parse({ input: [[1, 2]] })).toThrow('check_embedding_ctx_length=False');
  });

  it('names the members that the model does not have', () => {
    const { call } = sent({ user: 'u', truncate: 'END', normalize: true, encoding_format: 'float' });
    expect(call.answerHeaders).toEqual({ 'x-proxy-dropped': 'body=user,truncate' });
    expect(sent({}).call.answerHeaders).toEqual({});
  });
});

describe('embeddings', () => {
  const numbers = [0.25, -0.5, 1e-3];

  it('are a list in the order of the texts, with the counts of the bodies', () => {
    const answers = [1, 2].map((count) =>
      answer({ embedding: [count], inputTextTokenCount: count }, { inputTokens: 9 }),
    );
    expect(embed({ input: ['a', 'b'] }, answers)).toEqual({
      object: 'list',
      data: [
        { object: 'embedding', index: 0, embedding: [1] },
        { object: 'embedding', index: 1, embedding: [2] },
      ],
      model: titan,
      usage: { prompt_tokens: 3, total_tokens: 3 },
    });
  });

  it.each<[string, object]>([
    ['cohere.embed-english-v3', { embeddings: [numbers, numbers] }],
    ['cohere.embed-v4:0', { embeddings: { float: [numbers, numbers] } }],
  ])('are read in the shape of %s, with the counts of headers', (model, value) => {
    const { data, usage } = embed({ model, input: ['a', 'b'] }, [answer(value, { inputTokens: 7 })]);
    expect(data.map(({ embedding }: { embedding: unknown }) => embedding)).toEqual([numbers, numbers]);
    expect(usage).toEqual({ prompt_tokens: 7, total_tokens: 7 });
  });

  it('are read in the shape of Nova', () => {
    const model = 'amazon.nova-2-multimodal-embeddings-v1:0';
    const { data } = embed({ model }, [answer({ embeddings: [{ embedding: numbers, embeddingType: 'TEXT' }] })]);
    expect(data).toEqual([{ object: 'embedding', index: 0, embedding: numbers }]);
  });

  it('are 32-bit floats in base64, least significant byte first', () => {
    const { data } = embed({ encoding_format: 'base64' }, [answer({ embedding: numbers })]);
    const bytes = Buffer.from(data[0].embedding, 'base64');
    expect(bytes.subarray(0, 4)).toEqual(Buffer.from([0, 0, 0x80, 0x3e]));
    expect(numbers.map((_, index) => bytes.readFloatLE(index * 4))).toEqual(numbers.map(Math.fround));
  });

  it.each([{}, [], { embedding: [] }, { embedding: ['x'] }, { embeddings: {} }, { embeddings: [[1], [2]] }])(
    'are none if the answer has another shape: %j',
    (value) => {
      expect(() => embed({}, [answer(value)])).toThrow(expect.objectContaining({ code: 'upstream_error' }));
    },
  );
});
