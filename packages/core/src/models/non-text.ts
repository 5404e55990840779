import type { ModelFamily } from './chunk-reading.js';
import { readUsage } from './chunk-reading.js';

const members = ['embedding', 'embeddings', 'images', 'artifacts', 'results'];

/** Embeddings, images and rankings. Only the input tokens are read, if the answer counts them. */
export const nonText: ModelFamily = {
  name: 'non-text',
  isText: false,
  matches: (chunk) => members.some((member) => member in chunk),
  read: (chunk) => ({ usage: readUsage(chunk, { inputTokens: 'inputTextTokenCount' }) }),
};
