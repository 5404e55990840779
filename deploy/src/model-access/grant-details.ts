import { DeploymentError } from '../deployment-error.ts';
import { isRegionName } from '../is-region-name.ts';
import type { DetailedModelGrant } from './model-grant.ts';
import type { ModelReference } from './model-reference.ts';

/**
 * The Regions in which a profile may run its model: those that the grant names, else those of its geography.
 *
 * @throws {DeploymentError} where neither is known
 */
export function destinationsOf(grant: DetailedModelGrant, geography: readonly string[]): readonly string[] {
  const { modelId, destinationRegions = geography } = grant;
  if (destinationRegions.length === 0) {
    throw new DeploymentError(`The Regions of "${modelId}" are not known here: name them as its destinationRegions.`);
  }
  const wrong = destinationRegions.find((region) => !isRegionName(region));
  if (wrong !== undefined) {
    throw new DeploymentError(`"${wrong}", a destination of "${modelId}", is no Region such as eu-west-1.`);
  }
  return destinationRegions;
}

/**
 * The models behind an ARN that does not name them.
 *
 * @throws {DeploymentError} where the grant does not name them either
 */
export function sourcesOf({ modelId, madeFrom = [] }: DetailedModelGrant): readonly string[] {
  if (madeFrom.length > 0) return madeFrom;
  throw new DeploymentError(`"${modelId}" does not say which models are behind it: name them as what it is madeFrom.`);
}

/**
 * Refuses details that would change nothing, since whoever wrote them means something by them.
 *
 * @throws {DeploymentError}
 */
export function refuseIdleDetails(grant: DetailedModelGrant, { kind }: ModelReference): void {
  const { modelId, destinationRegions, madeFrom } = grant;
  if (destinationRegions !== undefined && kind !== 'geographic-profile' && kind !== 'application-profile') {
    throw new DeploymentError(`"${modelId}" is no profile of a geography: leave its destinationRegions out.`);
  }
  if (madeFrom !== undefined && kind !== 'application-profile' && kind !== 'prompt-router') {
    throw new DeploymentError(`"${modelId}" names its model itself: leave its madeFrom out.`);
  }
}
