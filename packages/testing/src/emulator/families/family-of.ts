import { EmulatedException } from '../emulated-exception.js';
import { claudeMessages } from './claude-messages.js';
import type { ModelFamily } from './model-family.js';

const familiesByVendor: ReadonlyMap<string, ModelFamily> = new Map([['anthropic', claudeMessages]]);

/**
 * Who answers for a model id. Of an ARN counts what follows its last `/`; where that names no vendor, Claude answers.
 * Throws an `EmulatedException` for an id that is none, and for a vendor that the emulator does not play.
 */
export function familyOf(modelId: string): ModelFamily {
  const isArn = modelId.startsWith('arn:');
  const name = isArn ? modelId.slice(modelId.lastIndexOf('/') + 1) : modelId;
  // The vendor comes first, or second after the geography of an inference profile.
  const segments = name.split('.').slice(0, -1);
  for (const segment of segments.slice(0, 2)) {
    const family = familiesByVendor.get(segment);
    if (family) return family;
  }
  if (segments.length > 0) {
    const played = [...familiesByVendor.keys()].join(', ');
    throw new EmulatedException(
      'ValidationException',
      `The emulator does not play this model. It plays those of ${played}, and ARNs that name no vendor.`,
    );
  }
  if (isArn) return claudeMessages;
  throw new EmulatedException('ValidationException', 'The provided model identifier is invalid.');
}
