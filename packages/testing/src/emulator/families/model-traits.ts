/** The ways of single models, by the beginning of their ids without geography. */
const traits = {
  /** Embeddings, images, ranking: no conversation. */
  withoutConversation:
    /^amazon\.(?:nova-.*embeddings|nova-canvas|titan-(?:image|embed))|^cohere\.(?:embed|rerank)|^stability\./,
  cachesPrompts: /^anthropic\.claude(?!-(?:v2|instant|3-(?:opus|sonnet|haiku)))|^amazon\.nova-/,
  /** Which of the newest models do is UNCONFIRMED. */
  countsTokens: /^anthropic\.claude-(?!v2|instant|3-(?:opus|sonnet|haiku))/,
  isClaude: /^anthropic\./,
  /** Claude that thinks adaptively or not at all, and takes no temperature. Those behind Opus 4.7 are UNCONFIRMED. */
  takesNoSampling: /^anthropic\.claude-(?:opus-(?:4-[7-9](?!\d)|[5-9])|sonnet-[5-9])/,
  /** Which models do is UNCONFIRMED. */
  takesSystemMessages: /^anthropic\.claude-(?:opus-(?:4-[89](?!\d)|[5-9])|sonnet-[5-9])/,
  /** Always reasons in Converse, and signs nothing. */
  reasonsUnsigned: /^(?:openai\.gpt-oss|deepseek\.|zai\.|minimax\.)/,
  /** Begins its streams with an empty text in a block of its own. */
  beginsEmpty: /^openai\.gpt-oss/,
  /** Gives each text delta a block of its own. */
  streamsTinyBlocks: /^amazon\.nova-/,
  takesShortToolIds: /^mistral\./,
  /** Which models these are is UNCONFIRMED. */
  keepsResultsApart: /^(?:mistral|meta)\./,
  streamsNoTools: /^meta\.llama4/,
} as const satisfies Record<string, RegExp>;

export type ModelTrait = keyof typeof traits;

/** Whether the model does so; `modelName` is an id of the catalogue, as `modelNameOf` gives it. */
export function hasTrait(modelName: string, trait: ModelTrait): boolean {
  return traits[trait].test(modelName);
}
