import { at, parseJson } from './parse-json.js';

/**
 * The API of the proxy itself: the model's own payload.
 *
 * @type {import('./dialects.js').Dialect}
 */
export const nativeDialect = {
  name: 'native',
  request: ({ front, model, conversation, stream, payload }) => ({
    path: front.path,
    body: { modelId: model, stream, ...payload(conversation) },
  }),
  readEvent: ({ data, raw }) => (data === '[DONE]' ? { type: 'done', raw } : readNativeItem(parseJson(data), raw)),
};

/**
 * Reads an event, or an item of an array.
 *
 * @param {unknown} item
 * @param {string} raw
 * @returns {import('./read-answer.js').AnswerPiece}
 */
export function readNativeItem(item, raw) {
  const content = at(item, 'content');
  if (content !== undefined) return { type: 'text', text: String(content), raw };
  return at(item, 'done') === undefined ? { type: 'error', error: item, raw } : { type: 'done', raw };
}
