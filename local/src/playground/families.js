import { blockMessages, chatMessages, promptText, temperatureOf } from './conversation.js';

/**
 * A family of models: some model ids, and the request body for a conversation.
 *
 * @typedef {object} Family
 * @property {string} name
 * @property {readonly string[]} models
 * @property {(conversation: import('./conversation.js').Conversation) => Readonly<Record<string, unknown>>} payload
 */

/** @param {import('./conversation.js').Conversation} conversation */
const chat = (conversation) => ({
  max_tokens: conversation.maxTokens,
  ...temperatureOf(conversation),
  messages: chatMessages(conversation),
});

/** @type {readonly Family[]} */
export const families = [
  {
    name: 'Nova',
    models: ['global.amazon.nova-2-lite-v1:0', 'amazon.nova-lite-v1:0', 'amazon.nova-pro-v1:0'],
    payload: (conversation) => ({
      ...(conversation.system !== '' && { system: [{ text: conversation.system }] }),
      inferenceConfig: { maxTokens: conversation.maxTokens, ...temperatureOf(conversation) },
      messages: blockMessages(conversation),
    }),
  },
  {
    name: 'Claude',
    models: [
      'global.anthropic.claude-haiku-5-5',
      'global.anthropic.claude-sonnet-5-5',
      'global.anthropic.claude-opus-5-5',
    ],
    payload: ({ system, ...conversation }) => ({
      anthropic_version: 'bedrock-2023-05-31',
      ...(system !== '' && { system }),
      ...chat({ ...conversation, system: '' }),
    }),
  },
  {
    name: 'Llama',
    models: ['us.meta.llama3-3-70b-instruct-v1:0'],
    payload: (conversation) => ({
      prompt: promptText(conversation),
      max_gen_len: conversation.maxTokens,
      ...temperatureOf(conversation),
    }),
  },
  {
    name: 'Mistral, text',
    models: ['mistral.mistral-7b-instruct-v0:2'],
    payload: (conversation) => ({
      prompt: `<s>[INST] ${promptText(conversation)} [/INST]`,
      max_tokens: conversation.maxTokens,
      ...temperatureOf(conversation),
    }),
  },
  {
    name: 'Mistral, chat',
    models: ['us.mistral.pixtral-large-2502-v1:0'],
    payload: chat,
  },
  {
    name: 'DeepSeek R1',
    models: ['us.deepseek.r1-v1:0'],
    payload: (conversation) => ({
      prompt: promptText(conversation),
      max_tokens: conversation.maxTokens,
      ...temperatureOf(conversation),
    }),
  },
  {
    name: 'gpt-oss, Qwen and others',
    models: ['openai.gpt-oss-20b-1:0', 'qwen.qwen3-32b-v1:0', 'deepseek.v3-v1:0', 'minimax.minimax-m2'],
    payload: chat,
  },
  { name: 'Palmyra', models: ['us.writer.palmyra-x5-v1:0'], payload: chat },
];
