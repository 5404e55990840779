/** Special behaviour of models, by the beginning of their ids without geography. */
const traits = {
  /** Models for embeddings, images or ranking. */
  withoutConversation:
    /^amazon\.(?:nova-.*embeddings|nova-canvas|titan-(?:image|embed))|^cohere\.(?:embed|rerank)|^stability\./,
  cachesPrompts: /^anthropic\.claude(?!-(?:v2|instant|3-(?:opus|sonnet|haiku)))|^amazon\.nova-/,
  /** UNCONFIRMED for the newest models. */
  countsTokens: /^anthropic\.claude-(?!v2|instant|3-(?:opus|sonnet|haiku))/,
  isClaude: /^anthropic\./,
  /** Claude models that accept only adaptive thinking, and no temperature. UNCONFIRMED for models after Opus 4.7. */
  takesNoSampling: /^anthropic\.claude-(?:opus-(?:4-[7-9](?!\d)|[5-9])|sonnet-[5-9])/,
  /** UNCONFIRMED: the list of models. */
  takesSystemMessages: /^anthropic\.claude-(?:opus-(?:4-[89](?!\d)|[5-9])|sonnet-[5-9])/,
  /** Models that accept the version 2026-10-21 of Anthropic's API, and automatic caching. UNCONFIRMED for the newest models. */
  isClaude47OrLater: /^anthropic\.claude-(?:opus-4-[7-9](?!\d)|[a-z]+-[5-9](?!\d))/,
  /** Can be invoked only through an inference profile. */
  needsProfile: /^(?:deepseek\.r1|writer\.palmyra-x[45]|twelvelabs\.pegasus-1-2)/,
  /** Always reasons in Converse, without signatures. */
  reasonsUnsigned: /^(?:openai\.gpt-oss|deepseek\.|zai\.|minimax\.)/,
  /** Begins its streams with a separate block that has an empty text. */
  beginsEmpty: /^openai\.gpt-oss/,
  /** Sends each text delta in a separate block. */
  streamsTinyBlocks: /^amazon\.nova-/,
  takesShortToolIds: /^mistral\./,
  /** UNCONFIRMED: the list of models. */
  keepsResultsApart: /^(?:mistral|meta)\./,
  streamsNoTools: /^meta\.llama4/,
} as const satisfies Record<string, RegExp>;

export type ModelTrait = keyof typeof traits;

/** Whether the model has the trait. `modelName` is an id of the catalogue, as `modelNameOf` returns it. */
export function hasTrait(modelName: string, trait: ModelTrait): boolean {
  return traits[trait].test(modelName);
}
