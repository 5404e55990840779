import { DeploymentError } from '../deployment-error.ts';
import {
  type DetailedModelGrant,
  destinationsOf,
  detailsOf,
  type ModelGrants,
  refuseUnusedDetails,
  sourcesOf,
} from './model-grant.ts';
import type { ModelReference, Place, Profile } from './model-reference.ts';
import { readModelReference } from './read-model-reference.ts';

/** An `Allow` statement of an IAM policy. */
export interface AccessStatement {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: Readonly<Record<'StringEquals', Readonly<Record<string, string | readonly string[]>>>>;
}

const invoke = ['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream'];
const count = ['bedrock:CountTokens'];

/**
 * Derives the smallest set of permissions that a role needs to call these models. Each model is listed by name. The
 * models behind an inference profile are allowed only through that profile.
 *
 * @param place where the function calls Bedrock
 * @throws {DeploymentError} if a model id is invalid
 */
export function deriveModelAccess(grants: ModelGrants, place: Place): readonly AccessStatement[] {
  if (grants === 'every-model') return [allowEveryModel(place)];
  if (grants.length === 0)
    throw new DeploymentError('models must not be empty: list the models that the function may call.');
  const statements = grants.flatMap((grant) => statementsFor(detailsOf(grant), place));
  const isPlain = ({ actions, conditions }: AccessStatement) => actions === invoke && conditions === undefined;
  const plain = [...new Set(statements.filter(isPlain).flatMap(({ resources }) => resources))];
  const conditioned = new Map(statements.filter((one) => !isPlain(one)).map((one) => [JSON.stringify(one), one]));
  const counted = [
    ...new Set(grants.flatMap((grant) => countedModels(readModelReference(detailsOf(grant).modelId, place)))),
  ];
  return [
    ...(plain.length > 0 ? [allow(plain)] : []),
    ...conditioned.values(),
    ...(counted.length > 0 ? [{ actions: count, resources: counted }] : []),
  ];
}

/** Bedrock counts tokens for Claude only, and for a model itself and not for its profile. */
function countedModels(reference: ModelReference): readonly string[] {
  switch (reference.kind) {
    case 'foundation-model':
      return reference.modelId.startsWith('anthropic.') ? [foundationModel(reference.place, reference.modelId)] : [];
    case 'geographic-profile':
    case 'global-profile': {
      const { modelId, place } = reference.profile;
      return modelId.startsWith('anthropic.') ? [foundationModel(place, modelId)] : [];
    }
    default:
      return [];
  }
}

function statementsFor(grant: DetailedModelGrant, place: Place): readonly AccessStatement[] {
  const reference = readModelReference(grant.modelId, place);
  refuseUnusedDetails(grant, reference);
  switch (reference.kind) {
    case 'foundation-model':
      return [allow([foundationModel(reference.place, reference.modelId)])];
    case 'own-model':
      return [allow([reference.arn])];
    case 'marketplace-endpoint':
      return [allow([reference.arn]), allowEndpoint(reference.arn)];
    case 'global-profile':
      return allowGlobalProfile(reference.profile);
    case 'geographic-profile':
      return allowGeographicProfile(reference.profile, destinationsOf(grant));
    case 'prompt-router':
      return [
        allow([reference.arn]),
        ...sourcesOf(grant).flatMap((modelId) => statementsFor({ modelId }, reference.place)),
      ];
    case 'application-profile':
      return sourcesOf(grant).flatMap((modelId) => allowApplicationProfile(reference, modelId, grant));
  }
}

/**
 * A geographic profile runs the model in several Regions, and AWS adds Regions over time. So the model is allowed in every
 * Region, but only through this profile, unless the grant lists its Regions.
 */
function allowGeographicProfile(profile: Profile, destinations?: readonly string[]): readonly AccessStatement[] {
  const regions = destinations === undefined ? ['*'] : [...new Set([profile.place.region, ...destinations])];
  const models = regions.map((region) => foundationModel({ ...profile.place, region }, profile.modelId));
  return [allow([profile.arn]), allow(models, { 'bedrock:InferenceProfileArn': profile.arn })];
}

/** A global profile also runs the model outside the calling Region. IAM calls that Region `unspecified`. */
function allowGlobalProfile({ arn, modelId, place }: Profile): readonly AccessStatement[] {
  const fromHere = { 'aws:RequestedRegion': place.region };
  const throughProfile = { 'bedrock:InferenceProfileArn': arn };
  return [
    allow([arn], fromHere),
    allow([foundationModel(place, modelId)], { ...fromHere, ...throughProfile }),
    allow([foundationModel({ ...place, region: '' }, modelId)], {
      'aws:RequestedRegion': 'unspecified',
      ...throughProfile,
    }),
  ];
}

function allowApplicationProfile(
  { arn, place }: Extract<ModelReference, { readonly kind: 'application-profile' | 'prompt-router' }>,
  sourceId: string,
  grant: DetailedModelGrant,
): readonly AccessStatement[] {
  const source = readModelReference(sourceId, place);
  switch (source.kind) {
    case 'foundation-model':
      return [
        allow([arn]),
        allow([foundationModel(source.place, source.modelId)], { 'bedrock:InferenceProfileArn': arn }),
      ];
    case 'geographic-profile':
      return allowGeographicProfile({ ...source.profile, arn }, destinationsOf(grant));
    case 'global-profile':
      return allowGlobalProfile({ ...source.profile, arn });
    default:
      throw new DeploymentError(
        `madeFrom of "${arn}" must be a model or a profile that AWS defines, not "${sourceId}".`,
      );
  }
}

function allowEveryModel({ partition, region, account }: Place): AccessStatement {
  const own = [
    'inference-profile',
    'application-inference-profile',
    'provisioned-model',
    'imported-model',
    'custom-model-deployment',
  ];
  const { resources } = allow([
    `arn:${partition}:bedrock:*::foundation-model/*`,
    ...own.map((type) => `arn:${partition}:bedrock:${region}:${account}:${type}/*`),
  ]);
  return { actions: [...invoke, ...count], resources };
}

function allowEndpoint(arn: string): AccessStatement {
  return {
    actions: ['sagemaker:InvokeEndpoint', 'sagemaker:InvokeEndpointWithResponseStream'],
    resources: [arn],
    conditions: { StringEquals: { 'aws:CalledViaLast': 'bedrock.amazonaws.com' } },
  };
}

function allow(resources: readonly string[], equals?: Readonly<Record<string, string>>): AccessStatement {
  return { actions: invoke, resources, ...(equals && { conditions: { StringEquals: equals } }) };
}

function foundationModel({ partition, region }: Place, modelId: string): string {
  return `arn:${partition}:bedrock:${region}::foundation-model/${modelId}`;
}
