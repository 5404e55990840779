import type { ModelTarget } from '../ports/model-invoker.js';

/** How a model is asked to reason. */
export type ReasoningKind = 'adaptive' | 'budget' | 'effort' | 'nova';

/** Settings of an alias for the OpenAI dialect. */
export interface OpenAiModelSettings {
  /** Members of requests that the model does not take. They are left out, and named in `x-proxy-dropped`. */
  readonly drop?: readonly string[];
  /** The most tokens that an answer may have, whatever a client asks for. */
  readonly maxTokens?: number;
  /** How the model is asked to reason. */
  readonly reasoning?: ReasoningKind;
  /** A part of an id, such as `titan-embed-text-v2`, by which the OpenAI dialect knows how the model embeds. */
  readonly embedding?: string;
  readonly additionalModelRequestFields?: Readonly<Record<string, unknown>>;
}

/** A name of the operator's own, and what it stands for. */
export interface ModelAlias {
  /** 1 to 8, in the order in which they are tried. All are of one maker: the body of a request is the maker's own. */
  readonly targets: readonly ModelTarget[];
  /**
   * How the target that is tried first is drawn: at random, or the same one for each caller, whose prompt cache stays warm. Targets with
   * weights are drawn at random by default; others are tried in their order.
   */
  readonly spread?: 'random' | 'caller';
  /** Milliseconds that each target but the last has, to the first content of a stream or to a whole answer. No limit by default. */
  readonly firstEventTimeoutMs?: number;
  /** Top-level members for requests that do not have them. */
  readonly defaults?: Readonly<Record<string, unknown>>;
  /** The `anthropic_version` of requests in the Anthropic dialect; `bedrock-2023-05-31` by default. */
  readonly anthropicVersion?: string;
  readonly openai?: OpenAiModelSettings;
}

/** Aliases by name; a string is the id of one target. */
export type ModelAliases = Readonly<Record<string, string | ModelAlias>>;
