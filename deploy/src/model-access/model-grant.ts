/**
 * A model that the function may call: its id, its inference-profile id or its ARN. The object says what the id alone
 * does not.
 */
export type ModelGrant = string | DetailedModelGrant;

/** A model id with what cannot be read from it. */
export interface DetailedModelGrant {
  readonly modelId: string;
  /** The Regions in which a geographic profile runs its model, in place of all those of its geography. */
  readonly destinationRegions?: readonly string[];
  /** The models or profiles behind an application inference profile or a prompt router, whose ARNs do not name them. */
  readonly madeFrom?: readonly string[];
}

/** Which models the function may call. `every-model` grants whatever Bedrock has, now and later. */
export type ModelGrants = readonly ModelGrant[] | 'every-model';

/** Splits a grant into its parts. */
export function detailsOf(grant: ModelGrant): DetailedModelGrant {
  return typeof grant === 'string' ? { modelId: grant } : grant;
}
