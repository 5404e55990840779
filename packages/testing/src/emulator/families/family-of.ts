import { invalid } from '../emulated-exception.js';
import type { Payload } from '../payload.js';
import type { ModelFamily } from './model-family.js';
import { hasTrait } from './model-traits.js';
import { defaultModelName, playedByDefault, playedByShape, playedModels } from './played-models.js';

const geography = /^[a-z]+(?:-[a-z]+)*\./;

/** The family that answers for a model id, and for this payload if several families fit. Throws like `modelNameOf`. */
export function familyOf(modelId: string, payload: Payload): ModelFamily {
  const name = modelNameOf(modelId);
  const played = namesModel(modelId) && playedModels.find(([pattern]) => pattern.test(name));
  if (played) return played[1](payload, name);
  const isOwnModel = /:imported-model\/|^arn:[^:]*:sagemaker:/.test(modelId);
  return isOwnModel ? playedByShape(payload) : playedByDefault(payload);
}

/**
 * The id of a model in the catalogue, without geography. An ARN gives the part after its last `/`, or the id of a Claude model if it
 * names no model. Throws an `EmulatedException` for an invalid id, and for a model that the emulator does not play.
 */
export function modelNameOf(modelId: string): string {
  const name = lastPart(modelId);
  // The vendor is the first part, or the second part after the geography of an inference profile.
  for (const candidate of [name, name.replace(geography, '')]) {
    if (playedModels.some(([pattern]) => pattern.test(candidate))) return candidate;
  }
  if (namesModel(modelId)) {
    throw invalid(
      'The emulator does not play this model. It plays the families of the Bedrock catalogue, and ARNs that name no vendor.',
    );
  }
  if (!modelId.startsWith('arn:')) throw invalid('The provided model identifier is invalid.');
  return defaultModelName;
}

/** Throws an `EmulatedException` if the id is that of a model which can be invoked only through an inference profile. */
export function checkThroughput(modelId: string): void {
  const isFoundationModel = !modelId.startsWith('arn:') || modelId.includes('::foundation-model/');
  if (!isFoundationModel || !hasTrait(lastPart(modelId), 'needsProfile')) return;
  throw invalid(
    `Invocation of model ID ${modelId} with on-demand throughput isn’t supported. Retry your request with the ID or ARN of an inference profile that contains this model.`,
  );
}

function namesModel(modelId: string): boolean {
  return lastPart(modelId).includes('.');
}

function lastPart(modelId: string): string {
  return modelId.startsWith('arn:') ? modelId.slice(modelId.lastIndexOf('/') + 1) : modelId;
}
