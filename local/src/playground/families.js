/**
 * A family of models: some model ids, and the request body for a prompt.
 *
 * @typedef {object} Family
 * @property {string} name
 * @property {readonly string[]} models
 * @property {(prompt: string) => Readonly<Record<string, unknown>>} payload
 */

const maxTokens = 400;

/** @param {string} prompt */
const chat = (prompt) => ({ max_tokens: maxTokens, messages: [{ role: 'user', content: prompt }] });

/** @type {readonly Family[]} */
export const families = [
  {
    name: 'Claude',
    models: [
      'global.anthropic.claude-sonnet-4-5-20250929-v1:0',
      'global.anthropic.claude-haiku-4-5-20251001-v1:0',
      'eu.anthropic.claude-sonnet-4-5-20250929-v1:0',
      'us.anthropic.claude-opus-4-7',
    ],
    payload: (prompt) => ({ anthropic_version: 'bedrock-2023-05-31', ...chat(prompt) }),
  },
  {
    name: 'Nova',
    models: ['amazon.nova-lite-v1:0', 'amazon.nova-micro-v1:0', 'us.amazon.nova-pro-v1:0'],
    payload: (prompt) => ({
      inferenceConfig: { maxTokens },
      messages: [{ role: 'user', content: [{ text: prompt }] }],
    }),
  },
  {
    name: 'Titan Text',
    models: ['amazon.titan-text-express-v1', 'amazon.titan-text-lite-v1'],
    payload: (prompt) => ({ inputText: prompt, textGenerationConfig: { maxTokenCount: maxTokens } }),
  },
  {
    name: 'Llama',
    models: ['us.meta.llama3-3-70b-instruct-v1:0', 'meta.llama3-8b-instruct-v1:0'],
    payload: (prompt) => ({ prompt, max_gen_len: maxTokens }),
  },
  {
    name: 'Mistral, text',
    models: ['mistral.mistral-7b-instruct-v0:2', 'mistral.mistral-large-2402-v1:0'],
    payload: (prompt) => ({ prompt: `<s>[INST] ${prompt} [/INST]`, max_tokens: maxTokens }),
  },
  {
    name: 'Mistral, chat',
    models: ['mistral.mistral-large-2407-v1:0', 'us.mistral.pixtral-large-2502-v1:0'],
    payload: chat,
  },
  {
    name: 'Command R',
    models: ['cohere.command-r-v1:0'],
    payload: (prompt) => ({ message: prompt, max_tokens: maxTokens }),
  },
  {
    name: 'Jamba',
    models: ['ai21.jamba-1-5-mini-v1:0', 'ai21.jamba-1-5-large-v1:0'],
    payload: chat,
  },
  {
    name: 'DeepSeek R1',
    models: ['us.deepseek.r1-v1:0'],
    payload: (prompt) => ({ prompt, max_tokens: maxTokens }),
  },
  {
    name: 'gpt-oss, Qwen and others',
    models: ['openai.gpt-oss-20b-1:0', 'qwen.qwen3-32b-v1:0', 'deepseek.v3-v1:0', 'minimax.minimax-m2'],
    payload: chat,
  },
  { name: 'Palmyra', models: ['us.writer.palmyra-x5-v1:0'], payload: chat },
];
