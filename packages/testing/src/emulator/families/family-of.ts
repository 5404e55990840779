import { EmulatedException } from '../emulated-exception.js';
import type { ModelFamily } from './model-family.js';
import { playedByDefault, playedByShape, playedModels } from './played-models.js';

const geography = /^[a-z]+(?:-[a-z]+)*\./;

/**
 * Who answers for a model id, and for this payload where the id leaves a choice. Of an ARN counts what follows its last `/`. Throws
 * an `EmulatedException` for an id that is none, and for a model that the emulator does not play.
 */
export function familyOf(modelId: string, payload: Readonly<Record<string, unknown>>): ModelFamily {
  const isArn = modelId.startsWith('arn:');
  const name = isArn ? modelId.slice(modelId.lastIndexOf('/') + 1) : modelId;
  // The vendor comes first, or second after the geography of an inference profile.
  for (const candidate of [name, name.replace(geography, '')]) {
    const played = playedModels.find(([pattern]) => pattern.test(candidate));
    if (played) return played[1](payload);
  }
  if (name.includes('.')) {
    throw new EmulatedException(
      'ValidationException',
      'The emulator does not play this model. It plays the families of the Bedrock catalogue, and ARNs that name no vendor.',
    );
  }
  if (!isArn) throw new EmulatedException('ValidationException', 'The provided model identifier is invalid.');
  const isOwnModel = /:imported-model\/|^arn:[^:]*:sagemaker:/.test(modelId);
  return isOwnModel ? playedByShape(payload) : playedByDefault(payload);
}
