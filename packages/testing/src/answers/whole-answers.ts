import type { AnswerSummary } from './answer-format.js';

/** An answer that is never streamed. */
export interface WholeAnswerFormat {
  whole(text: string, summary: AnswerSummary): object;
}

const vector = [0.25, -0.5, 0.125];

/** How Amazon Titan embeds a text. */
export const titanEmbedding: WholeAnswerFormat = {
  whole: (_, { usage }) => ({ embedding: vector, inputTextTokenCount: usage.inputTokens ?? 0 }),
};

/** How Cohere embeds a text. Its bodies have no counts. */
export const cohereEmbedding: WholeAnswerFormat = {
  whole: (_, { id }) => ({ embeddings: [vector], id, response_type: 'embeddings_floats' }),
};

/** How Amazon Nova embeds a text or an image. Its bodies have no counts. */
export const novaEmbedding: WholeAnswerFormat = {
  whole: () => ({ embeddings: [{ embedding: vector, embeddingType: 'TEXT' }] }),
};

/** How Cohere ranks documents. */
export const cohereRanking: WholeAnswerFormat = {
  whole: () => ({ results: [{ index: 0, relevance_score: 0.75 }] }),
};

/** How image models answer. The image has one pixel. */
export const picture: WholeAnswerFormat = {
  whole: () => ({ images: ['R0lGODlhAQABAAAAACwAAAAAAQABAAACAkQBADs='], error: null }),
};

/** How AI21 Jurassic-2 answers. It never streams, and its bodies have no counts. */
export const jurassicAnswer: WholeAnswerFormat = {
  whole: (text, { stopReason }) => ({
    id: 1,
    completions: [
      { data: { text, tokens: [] }, finishReason: { reason: stopReason === 'length' ? 'length' : 'endoftext' } },
    ],
  }),
};
