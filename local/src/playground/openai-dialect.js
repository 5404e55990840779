import { chatMessages, temperatureOf } from './conversation.js';
import { at, parseJson } from './parse-json.js';

/**
 * Chat completions of OpenAI's API.
 *
 * @type {import('./dialects.js').Dialect}
 */
export const openaiDialect = {
  name: 'OpenAI, chat completions',
  request: ({ front, model, conversation, stream }) => ({
    path: `${front.base}/v1/chat/completions`,
    body: {
      model,
      stream,
      ...(stream && { stream_options: { include_usage: true } }),
      max_tokens: conversation.maxTokens,
      ...temperatureOf(conversation),
      messages: chatMessages(conversation),
    },
  }),
  readEvent({ data, raw }) {
    if (data === '[DONE]') return { type: 'done', raw };
    const chunk = parseJson(data);
    if (at(chunk, 'error') !== undefined || typeof chunk === 'string') return { type: 'error', error: chunk, raw };
    const text = at(chunk, 'choices', 0, 'delta', 'content');
    return typeof text === 'string' && text !== '' ? { type: 'text', text, raw } : { type: 'comment', raw };
  },
};
