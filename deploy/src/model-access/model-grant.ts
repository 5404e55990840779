import { DeploymentError } from '../deployment-error.ts';
import { isRegionName } from '../is-region-name.ts';
import type { ModelReference } from './model-reference.ts';

/** A model that the function may call: a model id, an inference-profile id, an ARN, or an object with more details. */
export type ModelGrant = string | DetailedModelGrant;

/** A model id with details that the id does not contain. */
export interface DetailedModelGrant {
  readonly modelId: string;
  /** The Regions where a geographic profile may run its model. By default, every Region that the profile uses. */
  readonly destinationRegions?: readonly string[];
  /** The models or profiles behind an application inference profile or a prompt router. Their ARNs do not name them. */
  readonly madeFrom?: readonly string[];
}

/** The models that the function may call. `every-model` allows all present and future models of Bedrock. */
export type ModelGrants = readonly ModelGrant[] | 'every-model';

/** Returns a grant as an object. */
export function detailsOf(grant: ModelGrant): DetailedModelGrant {
  return typeof grant === 'string' ? { modelId: grant } : grant;
}

/**
 * The Regions where a profile may run its model. Undefined if the grant does not limit them.
 *
 * @throws {DeploymentError} if the list is empty or holds something else
 */
export function destinationsOf({ modelId, destinationRegions }: DetailedModelGrant): readonly string[] | undefined {
  if (destinationRegions?.length === 0) {
    throw new DeploymentError(`destinationRegions of "${modelId}" is empty: omit it, or list the Regions.`);
  }
  const wrong = destinationRegions?.find((region) => !isRegionName(region));
  if (wrong !== undefined) {
    throw new DeploymentError(`destinationRegions of "${modelId}" must be Regions such as eu-west-1, not "${wrong}".`);
  }
  return destinationRegions;
}

/**
 * The models behind an ARN that does not name them.
 *
 * @throws {DeploymentError} if the grant has no `madeFrom`
 */
export function sourcesOf({ modelId, madeFrom = [] }: DetailedModelGrant): readonly string[] {
  if (madeFrom.length > 0) return madeFrom;
  throw new DeploymentError(`"${modelId}" does not name its models: set madeFrom.`);
}

/**
 * Refuses details that would have no effect, because they show a mistake.
 *
 * @throws {DeploymentError} if the kind of model does not use `destinationRegions` or `madeFrom`
 */
export function refuseUnusedDetails(grant: DetailedModelGrant, { kind }: ModelReference): void {
  const { modelId, destinationRegions, madeFrom } = grant;
  if (destinationRegions !== undefined && kind !== 'geographic-profile' && kind !== 'application-profile') {
    throw new DeploymentError(`"${modelId}" is not a geographic profile: omit destinationRegions.`);
  }
  if (madeFrom !== undefined && kind !== 'application-profile' && kind !== 'prompt-router') {
    throw new DeploymentError(`"${modelId}" already names its model: omit madeFrom.`);
  }
}
