/** The prefixes of inference profiles that run a model in one geography. */
export const geographies: ReadonlySet<string> = new Set(['us', 'eu', 'apac', 'jp', 'au', 'ca', 'us-gov']);

/** The prefix of inference profiles that run a model in any commercial Region. */
export const globalPrefix = 'global';

/**
 * Model providers. They distinguish `mx.anthropic.claude-sonnet-5`, a profile of an unknown geography, from `zai.glm-4.7`, a
 * model id.
 */
export const modelMakers: ReadonlySet<string> = new Set([
  'ai21',
  'amazon',
  'anthropic',
  'cohere',
  'deepseek',
  'google',
  'luma',
  'meta',
  'minimax',
  'mistral',
  'moonshot',
  'moonshotai',
  'nvidia',
  'openai',
  'qwen',
  'stability',
  'twelvelabs',
  'writer',
  'xai',
  'zai',
]);
