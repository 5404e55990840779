import { describe, expect, it } from 'vitest';
import { invokeReply } from '../invoke-reply.js';
import { parsePayload } from '../payload.js';
import { PromptCache } from '../prompt-cache.js';

function invoke(modelId: string, payload: object): Record<string, unknown> {
  const body = Buffer.from(JSON.stringify(payload));
  const reply = invokeReply({ modelId, operation: 'invoke', headers: {}, body, paceMs: 0, cache: new PromptCache() });
  const [answer] = [...((reply.body ?? []) as Iterable<Uint8Array>)];
  return parsePayload(answer ?? new Uint8Array()) ?? {};
}

const nova = (params: object) => ({
  taskType: 'SINGLE_EMBEDDING',
  singleEmbeddingParams: { text: { value: 'a' }, ...params },
});

describe('a model that embeds', () => {
  it('gives the same vector for the same text, and another for another', () => {
    const one = invoke('amazon.titan-embed-text-v2:0', { inputText: 'a' });
    expect(one).toEqual(invoke('amazon.titan-embed-text-v2:0', { inputText: 'a' }));
    expect(one.embedding).not.toEqual(invoke('amazon.titan-embed-text-v2:0', { inputText: 'b' }).embedding);
  });

  it.each([
    ['amazon.titan-embed-text-v1', { inputText: 'a' }, 1_536],
    ['amazon.titan-embed-text-v2:0', { inputText: 'a', dimensions: 512 }, 512],
    ['amazon.titan-embed-image-v1', { inputText: 'a', embeddingConfig: { outputEmbeddingLength: 384 } }, 384],
  ])('has the dimensions that were asked for: %s %j', (modelId, payload, length) => {
    expect(invoke(modelId, payload)).toMatchObject({ embedding: { length }, inputTextTokenCount: 1 });
  });

  it('answers each text of a list: Cohere', () => {
    const request = { texts: ['a', 'b'], input_type: 'search_query' };
    expect(invoke('cohere.embed-english-v3', request)).toMatchObject({
      embeddings: [{ length: 1_024 }, { length: 1_024 }],
    });
    const short = { ...request, embedding_types: ['float'], output_dimension: 256 };
    expect(invoke('cohere.embed-v4:0', short)).toMatchObject({
      embeddings: { float: [{ length: 256 }, { length: 256 }] },
    });
  });

  it('has the dimensions that were asked for: Nova', () => {
    const modelId = 'amazon.nova-2-multimodal-embeddings-v1:0';
    const answer = invoke(modelId, nova({ embeddingDimension: 256 }));
    expect(answer).toMatchObject({ embeddings: [{ embedding: { length: 256 }, embeddingType: 'TEXT' }] });
  });

  it.each([
    ['amazon.titan-embed-text-v2:0', { inputText: 'a', dimensions: 3 }, '3 is not a valid dimension'],
    ['amazon.titan-embed-text-v2:0', { inputText: 'a', encoding_format: 'float' }, 'extraneous key [encoding_format]'],
    ['cohere.embed-english-v3', { texts: ['a'] }, 'required key [input_type] not found'],
    ['cohere.embed-english-v3', { texts: Array(97).fill('a'), input_type: 'x' }, 'at most 96 texts'],
    [
      'amazon.nova-2-multimodal-embeddings-v1:0',
      { singleEmbeddingParams: { text: { value: 'a' } } },
      'required key [taskType]',
    ],
  ])('refuses what Bedrock refuses: %s %j', (modelId, payload, sentence) => {
    expect(() => invoke(modelId, payload)).toThrow(sentence);
  });
});
