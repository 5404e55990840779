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
    name: 'Nova',
    models: ['global.amazon.nova-2-lite-v1:0', 'amazon.nova-lite-v1:0', 'amazon.nova-pro-v1:0'],
    payload: (prompt) => ({
      inferenceConfig: { maxTokens },
      messages: [{ role: 'user', content: [{ text: prompt }] }],
    }),
  },
  {
    name: 'Claude',
    models: [
      'global.anthropic.claude-haiku-5-5',
      'global.anthropic.claude-sonnet-5-5',
      'global.anthropic.claude-opus-5-5',
    ],
    payload: (prompt) => ({ anthropic_version: 'bedrock-2023-05-31', ...chat(prompt) }),
  },
  {
    name: 'Llama',
    models: ['us.meta.llama3-3-70b-instruct-v1:0'],
    payload: (prompt) => ({ prompt, max_gen_len: maxTokens }),
  },
  {
    name: 'Mistral, text',
    models: ['mistral.mistral-7b-instruct-v0:2'],
    payload: (prompt) => ({ prompt: `<s>[INST] ${prompt} [/INST]`, max_tokens: maxTokens }),
  },
  {
    name: 'Mistral, chat',
    models: ['us.mistral.pixtral-large-2502-v1:0'],
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
