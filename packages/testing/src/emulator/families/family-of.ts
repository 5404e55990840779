import { invalid } from '../emulated-exception.js';
import type { Payload } from '../payload.js';
import type { ModelFamily } from './model-family.js';
import { defaultModelName, playedByDefault, playedByShape, playedModels } from './played-models.js';

const geography = /^[a-z]+(?:-[a-z]+)*\./;

/** Who answers for a model id, and for this payload where the id leaves a choice. Throws what `modelNameOf` throws. */
export function familyOf(modelId: string, payload: Payload): ModelFamily {
  const name = modelNameOf(modelId);
  const played = namesModel(modelId) && playedModels.find(([pattern]) => pattern.test(name));
  if (played) return played[1](payload, name);
  const isOwnModel = /:imported-model\/|^arn:[^:]*:sagemaker:/.test(modelId);
  return isOwnModel ? playedByShape(payload) : playedByDefault(payload);
}

/**
 * The id of the catalogue that a model id stands for, without geography. Of an ARN counts what follows its last `/`, and one that
 * names no model stands for Claude. Throws an `EmulatedException` for an id that is none, and for a model that the emulator does
 * not play.
 */
export function modelNameOf(modelId: string): string {
  const name = lastPart(modelId);
  // The vendor comes first, or second after the geography of an inference profile.
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

function namesModel(modelId: string): boolean {
  return lastPart(modelId).includes('.');
}

function lastPart(modelId: string): string {
  return modelId.startsWith('arn:') ? modelId.slice(modelId.lastIndexOf('/') + 1) : modelId;
}
