import { blockMessages, temperatureOf } from './conversation.js';
import { at, parseJson } from './parse-json.js';

/**
 * The Converse API of Bedrock.
 *
 * @type {import('./dialects.js').Dialect}
 */
export const bedrockDialect = {
  name: 'Bedrock, Converse',
  request: ({ front, model, conversation, stream }) => ({
    path: `${front.base}/model/${encodeURIComponent(model)}/${stream ? 'converse-stream' : 'converse'}`,
    body: {
      ...(conversation.system !== '' && { system: [{ text: conversation.system }] }),
      messages: blockMessages(conversation),
      inferenceConfig: { maxTokens: conversation.maxTokens, ...temperatureOf(conversation) },
    },
  }),
  readEvent({ event, data, raw }) {
    const payload = parseJson(data);
    // An exception may still follow the stop reason, so only the last event shows that the answer is whole.
    if (event === 'metadata') return { type: 'done', raw };
    if (event === 'contentBlockDelta') {
      const text = at(payload, 'delta', 'text');
      return typeof text === 'string' ? { type: 'text', text, raw } : { type: 'comment', raw };
    }
    return event?.endsWith('Exception') ? { type: 'error', error: payload, raw } : { type: 'comment', raw };
  },
};
