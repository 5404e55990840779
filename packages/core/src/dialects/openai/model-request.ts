import type { JsonObject } from '../../models/json-object.js';
import type { Conversation } from './conversation.js';
import type { ReasoningEffort } from './plan-reasoning.js';
import type { ToolRequest } from './tool-request.js';

/** The format that a client wants for the text of the answer. */
export type TextFormat =
  | { readonly type: 'text' | 'json_object' }
  | {
      readonly type: 'json_schema';
      readonly schema: JsonObject;
      readonly name?: string | undefined;
      readonly description?: string | undefined;
    };

/** A request for an answer of a model, in the terms that OpenAI's two chat APIs share. It depends on no model yet. */
export interface ModelRequest {
  readonly conversation: Conversation;
  readonly tools: ToolRequest;
  readonly format: TextFormat;
  readonly maxTokens?: number | undefined;
  readonly temperature?: number | undefined;
  readonly topP?: number | undefined;
  readonly stopSequences: readonly string[];
  readonly effort?: ReasoningEffort | undefined;
  /** The member that asks for the effort, to name it where it is left out. */
  readonly effortMember: string;
  /** Settings of Bedrock, as members of the Converse request. */
  readonly settings: JsonObject;
  /** The client's own members for the model itself. */
  readonly fields: JsonObject;
  /** The members that were left out so far. */
  readonly dropped: readonly string[];
}
