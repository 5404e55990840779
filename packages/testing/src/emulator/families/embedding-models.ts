import { createHash } from 'node:crypto';
import type { WholeAnswerFormat } from '../../answers/whole-answers.js';
import { invalid, malformed } from '../emulated-exception.js';
import { membersOf, type Payload, stringsIn } from '../payload.js';
import type { ModelFamily } from './model-family.js';
import { promptFamily, type RequestShape } from './prompt-family.js';

/** The vector of a text: the same one each time, of numbers that 32 bits hold exactly. */
function embedText(text: string, dimensions: number): readonly number[] {
  const digest = createHash('sha256').update(text).digest();
  return Array.from({ length: dimensions }, (_, index) => ((digest[index % digest.length] ?? 0) - 128) / 256);
}

/** Amazon Titan, for texts and for texts with images. */
export function titanEmbedding(payload: Payload, modelName: string): ModelFamily {
  const isForImages = modelName.includes('image');
  const wanted = isForImages ? membersOf(payload.embeddingConfig).outputEmbeddingLength : payload.dimensions;
  const [usual, most] = modelName.includes('text-v1')
    ? [1_536, [1_536]]
    : [1_024, [256, isForImages ? 384 : 512, 1_024]];
  const whole: WholeAnswerFormat['whole'] = (_, { usage }) => ({
    embedding: embedText(String(payload.inputText), dimensionsOf(wanted, usual, most)),
    inputTextTokenCount: usage.inputTokens ?? 0,
  });
  const known = ['inputText', isForImages ? 'inputImage' : 'normalize', isForImages ? 'embeddingConfig' : 'dimensions'];
  return strict(whole, { prompt: ['inputText'] }, [...known, 'embeddingTypes']);
}

const mostTexts = 96;

/** Cohere Embed; its bodies hold no counts. */
export function cohereEmbedding(payload: Payload, modelName: string): ModelFamily {
  const isFourth = modelName.includes('embed-v4');
  const wanted = dimensionsOf(payload.output_dimension, isFourth ? 1_536 : 1_024, [256, 512, 1_024, 1_536]);
  const texts = stringsIn(payload.texts);
  const whole: WholeAnswerFormat['whole'] = (_, { id }) => {
    if (texts.length > mostTexts) throw invalid(`texts: at most ${mostTexts} texts can be embedded at once.`);
    const vectors = texts.map((text) => embedText(text, wanted));
    return isFourth
      ? { embeddings: { float: vectors }, id, response_type: 'embeddings_by_type', texts }
      : { embeddings: vectors, id, response_type: 'embeddings_floats', texts };
  };
  const known = ['texts', 'images', 'input_type', 'truncate', 'embedding_types'];
  return strict(
    whole,
    { prompt: ['texts'] },
    isFourth ? [...known, 'output_dimension', 'max_tokens', 'inputs'] : known,
    ['input_type'],
  );
}

/** Amazon Nova's multimodal embeddings; its bodies hold no counts. */
export function novaEmbedding(payload: Payload): ModelFamily {
  const { embeddingDimension, text } = membersOf(payload.singleEmbeddingParams);
  const value = String(membersOf(text).value);
  const whole: WholeAnswerFormat['whole'] = () => {
    const embedding = embedText(value, dimensionsOf(embeddingDimension, 3_072, [256, 384, 1_024, 3_072]));
    return { embeddings: [{ embedding, embeddingType: 'TEXT' }] };
  };
  const shape = { prompt: ['singleEmbeddingParams', 'text', 'value'] };
  return strict(whole, shape, ['schemaVersion', 'taskType', 'singleEmbeddingParams'], ['taskType']);
}

/** A family that refuses members which it does not know, and requests without those that it needs. */
function strict(
  whole: WholeAnswerFormat['whole'],
  shape: RequestShape,
  known: readonly string[],
  needed: readonly string[] = [],
): ModelFamily {
  const { answer, readPrompt } = promptFamily({ whole }, shape);
  return {
    answer,
    readPrompt(payload) {
      const unknown = Object.keys(payload).find((key) => !known.includes(key));
      if (unknown !== undefined) throw malformed(`extraneous key [${unknown}] is not permitted`);
      const missing = needed.find((key) => !(key in payload));
      if (missing !== undefined) throw malformed(`required key [${missing}] not found`);
      return readPrompt(payload);
    },
  };
}

function dimensionsOf(wanted: unknown, usual: number, known: readonly number[]): number {
  if (wanted === undefined) return usual;
  const dimensions = known.find((candidate) => candidate === wanted);
  if (dimensions === undefined)
    throw malformed(`${wanted} is not a valid dimension, expected one of ${known.join(', ')}`);
  return dimensions;
}
