import type { ModelFamily } from './chunk-reading.js';
import { readUsage } from './chunk-reading.js';

const members = ['embedding', 'embeddings', 'images', 'artifacts', 'results'];

/** Embeddings, pictures and rankings: nothing to read but a count of what went in, where there is one. */
export const nonText: ModelFamily = {
  name: 'non-text',
  isText: false,
  matches: (chunk) => members.some((member) => member in chunk),
  read: (chunk) => ({ usage: readUsage(chunk, { inputTokens: 'inputTextTokenCount' }) }),
};
