import { isJsonObject, type JsonObject } from '../../models/json-object.js';

/** A request for embeddings, in the terms that all models share. */
export interface EmbeddingRequest {
  readonly dimensions?: number | undefined;
  /** The purpose, in the words of Cohere. */
  readonly inputType?: string | undefined;
  /** The purpose, in the words of Amazon Nova. */
  readonly embeddingPurpose?: string | undefined;
  readonly truncate?: string | undefined;
  readonly normalize?: boolean | undefined;
}

/** How one family of models embeds texts. */
export interface EmbeddingModel {
  /** The dimensions that a client may ask for. */
  readonly dimensions: readonly number[];
  /** The texts that one call takes. */
  readonly batchSize: number;
  /** The members of a request, beside those of every request, that the model takes. */
  readonly extras: readonly string[];
  body(texts: readonly string[], request: EmbeddingRequest): JsonObject;
}

const titanText1: EmbeddingModel = {
  dimensions: [1536],
  batchSize: 1,
  extras: [],
  body: ([inputText]) => ({ inputText }),
};

const titanText2: EmbeddingModel = {
  dimensions: [256, 512, 1024],
  batchSize: 1,
  extras: ['normalize'],
  body: ([inputText], { dimensions, normalize }) => ({
    inputText,
    ...(dimensions !== undefined && { dimensions }),
    ...(normalize !== undefined && { normalize }),
  }),
};

const titanImage: EmbeddingModel = {
  dimensions: [256, 384, 1024],
  batchSize: 1,
  extras: [],
  body: ([inputText], { dimensions }) => ({
    inputText,
    ...(dimensions !== undefined && { embeddingConfig: { outputEmbeddingLength: dimensions } }),
  }),
};

const cohereBatch = 96;

const cohere3: EmbeddingModel = {
  dimensions: [1024],
  batchSize: cohereBatch,
  extras: ['input_type', 'truncate'],
  body: (texts, { inputType = 'search_document', truncate }) => ({
    texts,
    input_type: inputType,
    ...(truncate !== undefined && { truncate }),
  }),
};

const cohere4: EmbeddingModel = {
  ...cohere3,
  dimensions: [256, 512, 1024, 1536],
  body: (texts, request) => ({
    ...cohere3.body(texts, request),
    embedding_types: ['float'],
    ...(request.dimensions !== undefined && { output_dimension: request.dimensions }),
  }),
};

const nova2: EmbeddingModel = {
  dimensions: [256, 384, 1024, 3072],
  batchSize: 1,
  extras: ['embeddingPurpose'],
  body: ([value], { dimensions, embeddingPurpose = 'GENERIC_INDEX' }) => ({
    taskType: 'SINGLE_EMBEDDING',
    singleEmbeddingParams: {
      embeddingPurpose,
      ...(dimensions !== undefined && { embeddingDimension: dimensions }),
      text: { truncationMode: 'NONE', value },
    },
  }),
};

/** The models, by a part of their ids. The first that fits counts. */
const models: readonly (readonly [part: string, model: EmbeddingModel])[] = [
  ['titan-embed-text-v1', titanText1],
  ['titan-embed-text-v2', titanText2],
  ['titan-embed-image', titanImage],
  ['cohere.embed-v4', cohere4],
  ['cohere.embed-', cohere3],
  ['nova-2-multimodal-embeddings', nova2],
];

/** How a model embeds; undefined for an id that does not tell, or that embeds nothing. */
export function embeddingModelOf(modelId: string): EmbeddingModel | undefined {
  return models.find(([part]) => modelId.includes(part))?.[1];
}

/** The vectors of an answer, in the shape of any of the models; undefined if there are none. */
export function vectorsOf(answer: unknown): readonly (readonly number[])[] | undefined {
  if (!isJsonObject(answer)) return undefined;
  const { embedding, embeddings } = answer;
  const found = embedding === undefined ? embeddings : [embedding];
  const listed = isJsonObject(found) ? found['float'] : found;
  if (!Array.isArray(listed)) return undefined;
  const vectors = listed.map((item: unknown) => (isJsonObject(item) ? item['embedding'] : item));
  return vectors.every(isVector) ? vectors : undefined;
}

function isVector(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.length > 0 && value.every((number) => typeof number === 'number');
}
