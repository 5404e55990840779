import { parseModelRequest } from '../../request/parse-model-request.js';
import type { Dialect } from '../dialect.js';
import { encodeTexts } from './encode-text.js';
import { errorBody } from './error-body.js';

const reserved = new Set(['v1', 'model']);

/**
 * The proxy's own dialect: `{modelId, stream?, …payload}` in; the model's JSON, `{"content":"…"}` events or an array of them out.
 * Every path is its own that no other dialect has reserved, because an API Gateway resource may bear any name.
 */
export const nativeDialect: Dialect = {
  name: 'native',
  matches: (path) => !reserved.has(path.split('/')[1] ?? ''),
  parse: parseModelRequest,
  failure: errorBody,
  events: () => ({
    open: () => '',
    batch: (batch) => encodeTexts(batch, 'data: ', '\n\n'),
    end: () => 'data: [DONE]\n\n',
    fail: (error, requestId) => `data: ${errorBody(error, requestId)}\n\n`,
  }),
  // Every item brings the comma in front of the next, so that the terminal is always the last item.
  array: () => ({
    open: () => '[',
    batch: (batch) => encodeTexts(batch, '', ','),
    end: () => '{"done":true}]',
    fail: (error, requestId) => `${errorBody(error, requestId)}]`,
  }),
};
