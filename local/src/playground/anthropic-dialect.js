import { chatMessages, temperatureOf } from './conversation.js';
import { at, parseJson } from './parse-json.js';

/**
 * The Messages API of Anthropic.
 *
 * @type {import('./dialects.js').Dialect}
 */
export const anthropicDialect = {
  name: 'Anthropic, messages',
  request: ({ front, model, conversation, stream }) => ({
    path: `${front.base}/v1/messages`,
    headers: { 'anthropic-version': '2023-06-01' },
    body: {
      model,
      stream,
      max_tokens: conversation.maxTokens,
      ...(conversation.system !== '' && { system: conversation.system }),
      ...temperatureOf(conversation),
      messages: chatMessages({ ...conversation, system: '' }),
    },
  }),
  readEvent({ data, raw }) {
    const value = parseJson(data);
    switch (at(value, 'type')) {
      case 'message_stop':
        return { type: 'done', raw };
      case 'content_block_delta': {
        const text = at(value, 'delta', 'text');
        return typeof text === 'string' ? { type: 'text', text, raw } : { type: 'comment', raw };
      }
      case 'error':
      case undefined:
        return { type: 'error', error: value, raw };
      default:
        return { type: 'comment', raw };
    }
  },
};
