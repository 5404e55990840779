import type { JsonObject } from '../../models/json-object.js';

/** A mark behind which a prompt is cached. */
export interface CacheMark {
  readonly ttl?: string;
}

/** A part of a turn. Media and reasoning are content blocks of Converse already. */
export type Block = { readonly cache?: CacheMark | undefined } & (
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'media'; readonly kind: 'image' | 'audio' | 'document'; readonly value: JsonObject }
  | { readonly type: 'reasoning'; readonly value: SignedReasoning }
  /** `json` is the arguments as the client sent them. */
  | { readonly type: 'call'; readonly id: string; readonly name: string; readonly json: string; readonly path: string }
  | { readonly type: 'result'; readonly id: string; readonly content: readonly Block[]; readonly path: string }
);

/** Reasoning that a model signed or encrypted, as Converse takes it back. */
export type SignedReasoning =
  | { readonly reasoningText: { readonly text: string; readonly signature: string } }
  | { readonly redactedContent: string };

export type CallBlock = Extract<Block, { type: 'call' }>;
export type ResultBlock = Extract<Block, { type: 'result' }>;

export interface Turn {
  readonly role: 'user' | 'assistant';
  readonly blocks: readonly Block[];
}

/** A conversation in the terms that OpenAI's two chat APIs share. */
export interface Conversation {
  readonly system: readonly Block[];
  readonly turns: readonly Turn[];
}

/** A message before its place in the conversation is known. */
export interface Message {
  readonly role: 'system' | Turn['role'];
  readonly blocks: readonly Block[];
}
