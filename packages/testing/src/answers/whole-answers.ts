import type { AnswerSummary } from './answer-format.js';

/** An answer that is never streamed. */
export interface WholeAnswerFormat {
  whole(text: string, summary: AnswerSummary): object;
}

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
