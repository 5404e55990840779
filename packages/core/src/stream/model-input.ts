import type { InvokeModelOptions, ModelOperation } from '../ports/model-invoker.js';
import type { CallInput } from './open-stream.js';

/** A question for a model. */
export interface ModelInput {
  readonly modelId: string;
  /** The JSON of the operation, as an object or as bytes: the model's own payload for `invoke-model`. */
  readonly payload: object | Uint8Array;
  /** `invoke-model` by default. `count-tokens` cannot be streamed. */
  readonly operation?: ModelOperation;
  readonly options?: InvokeModelOptions;
}

/** The call for an input. Bytes stay as they are; an object becomes JSON. */
export function callOf({ modelId, payload, operation = 'invoke-model', options }: ModelInput): CallInput {
  const body = payload instanceof Uint8Array ? payload : new TextEncoder().encode(JSON.stringify(payload));
  return { operation, modelId, body, ...(options && { options }) };
}
