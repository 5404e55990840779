import { ProxyError } from '../../errors/proxy-error.js';
import { countAt, type JsonObject } from '../../models/json-object.js';
import type { ModelAnswer } from '../../ports/model-invoker.js';
import type { Codec, ParsedCall, ResolvedModel } from '../dialect.js';
import type { WritableCall } from '../writable-call.js';
import { droppedHeader, droppedNotes } from './dropped-header.js';
import { type EmbeddingModel, type EmbeddingRequest, embeddingModelOf, vectorsOf } from './embedding-model.js';
import { parseAnswer, parseObject } from './parse-object.js';
import { invalid, readBoolean, readCount, readString, readWord } from './request-members.js';

/** Embeddings of texts, by InvokeModel. */
export const embeddingsCodec: Codec = {
  parse(body, head): ParsedCall {
    const members = parseObject(body, head);
    const name = readString(members['model'], 'model');
    if (!name) throw invalid('model', 'Send the model as a string: the id of a model that embeds.');
    const texts = readInput(members['input']);
    const isBase64 = readWord(members['encoding_format'], 'encoding_format', ['float', 'base64']) === 'base64';
    const request = readRequest(members);
    let answered: ResolvedModel | undefined;

    const call: WritableCall = {
      operation: 'invoke-model',
      modelId: name,
      stream: false,
      ...(head.options && { options: head.options }),
      bodies(model) {
        answered = model;
        const embedding = embeddingModelOf(model.settings?.openai?.embedding ?? model.id);
        if (!embedding) throw new ProxyError('invalid_model', { message: noEmbedding });
        checkDimensions(request, embedding);
        const dropped = droppedMembers(members, embedding);
        call.answerHeaders = droppedHeader(dropped);
        call.notes = droppedNotes(dropped);
        return chunksOf(texts, embedding.batchSize).map((chunk) =>
          Buffer.from(JSON.stringify(embedding.body(chunk, request))),
        );
      },
      answerHeaders: {},
      notes: {},
      whole(answers, served) {
        const read = answers.map(readAnswer);
        assertOneModel(answers);
        const vectors = read.flatMap((answer) => answer.vectors);
        if (vectors.length !== texts.length) {
          throw new ProxyError('upstream_error', {
            cause: new Error(`${vectors.length} vectors for ${texts.length} texts`),
          });
        }
        const tokens = read.reduce((sum, answer) => sum + answer.tokens, 0);
        const list = {
          object: 'list',
          data: vectors.map((vector, index) => ({
            object: 'embedding',
            index,
            embedding: isBase64 ? encodeVector(vector) : vector,
          })),
          model: answered?.alias === undefined ? name : served,
          usage: { prompt_tokens: tokens, total_tokens: tokens },
        };
        return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(list) };
      },
      encoder() {
        throw new TypeError('Embeddings are not streamed.');
      },
    };
    return call;
  },
};

const noEmbedding =
  'This model embeds no texts, or its id does not tell how. Use a model of Titan, Cohere or Nova for embeddings, or an alias with openai.embedding.';
const mostTexts = 2_048;

function readInput(input: unknown): readonly string[] {
  const texts: readonly unknown[] = Array.isArray(input) ? input : [input];
  if (texts.some((text) => typeof text === 'number' || Array.isArray(text))) {
    throw invalid(
      'input',
      'Send text: token ids belong to one vendor. In LangChain, set check_embedding_ctx_length=False.',
    );
  }
  if (texts.length === 0 || texts.length > mostTexts) throw invalid('input', `Send 1 to ${mostTexts} texts.`);
  return texts.map((text, index) => {
    if (typeof text === 'string' && text !== '') return text;
    throw invalid(Array.isArray(input) ? `input[${index}]` : 'input', 'Send a string that is not empty.');
  });
}

function readRequest(members: JsonObject): EmbeddingRequest {
  return {
    dimensions: readCount(members['dimensions'], 'dimensions'),
    inputType: readString(members['input_type'], 'input_type'),
    embeddingPurpose: readString(members['embeddingPurpose'], 'embeddingPurpose'),
    truncate: readString(members['truncate'], 'truncate'),
    normalize: readBoolean(members['normalize'], 'normalize'),
  };
}

function checkDimensions({ dimensions: wanted }: EmbeddingRequest, { dimensions }: EmbeddingModel): void {
  if (wanted === undefined || dimensions.includes(wanted)) return;
  throw invalid('dimensions', `This model has vectors of ${dimensions.join(', ')} dimensions.`);
}

const common: readonly string[] = ['model', 'input', 'encoding_format', 'dimensions'];

function droppedMembers(members: JsonObject, { extras }: EmbeddingModel): readonly string[] {
  return Object.entries(members).flatMap(([key, value]) =>
    value === null || common.includes(key) || extras.includes(key) ? [] : [key],
  );
}

/** Vectors of different models cannot be compared. A target that failed is tried last for a while, so that a retry reaches one model. */
function assertOneModel(answers: readonly ModelAnswer[]): void {
  const models = new Set(answers.flatMap(({ meta }) => embeddingModelOf(meta.served?.modelId ?? '') ?? []));
  if (models.size < 2) return;
  throw new ProxyError('upstream_error', { cause: new Error('two targets with different models embedded the texts') });
}

function chunksOf(texts: readonly string[], size: number): readonly (readonly string[])[] {
  const count = Math.ceil(texts.length / size);
  return Array.from({ length: count }, (_, index) => texts.slice(index * size, (index + 1) * size));
}

function readAnswer({ body, meta }: ModelAnswer): { vectors: readonly (readonly number[])[]; tokens: number } {
  const answer = parseAnswer(body);
  const vectors = vectorsOf(answer);
  if (!vectors) throw new ProxyError('upstream_error', { cause: new Error('the answer has no vectors') });
  return { vectors, tokens: countAt(answer, 'inputTextTokenCount') ?? meta.reportedTokens?.inputTokens ?? 0 };
}

/** A vector as base64 of 32-bit floats, least significant byte first. */
function encodeVector(vector: readonly number[]): string {
  const bytes = Buffer.alloc(vector.length * 4);
  for (const [index, number] of vector.entries()) bytes.writeFloatLE(number, index * 4);
  return bytes.toString('base64');
}
