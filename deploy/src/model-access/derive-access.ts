import type { ModelAlias } from '@bedrock-proxy/core/routing';
import { type AccessStatement, deriveModelAccess } from './derive-model-access.ts';
import { detailsOf, type ModelGrant, type ModelGrants } from './model-grant.ts';
import type { Place } from './model-reference.ts';

/**
 * Derives the permissions that a role needs to call models and the targets of aliases, each target in its Region. A target with a role of
 * its own needs only the permission to assume that role. The details of a grant also apply to a target with the same model.
 *
 * @param place where the function calls Bedrock if a target has no Region
 * @throws {import('../deployment-error.ts').DeploymentError} if a model id is invalid
 */
export function deriveAccess(
  models: ModelGrants,
  aliases: Readonly<Record<string, ModelAlias>>,
  place: Place,
): readonly AccessStatement[] {
  const targets = Object.values(aliases).flatMap((alias) => alias.targets);
  const named = models === 'every-model' ? [] : models;
  const byRegion = new Map<string, ModelGrant[]>();
  for (const { model, region = place.region } of targets.filter(({ roleArn }) => roleArn === undefined)) {
    const grants = byRegion.get(region) ?? [];
    byRegion.set(region, grants);
    const isKnown = [...grants, ...(region === place.region ? named : [])].some(
      (grant) => detailsOf(grant).modelId === model,
    );
    if (!isKnown) grants.push(named.find((grant) => detailsOf(grant).modelId === model) ?? model);
  }
  const atHome = byRegion.get(place.region) ?? [];
  byRegion.delete(place.region);
  const own = models === 'every-model' ? models : [...models, ...atHome];
  const roles = [...new Set(targets.flatMap(({ roleArn }) => roleArn ?? []))];
  return [
    ...(targets.length > 0 && own.length === 0 ? [] : deriveModelAccess(own, place)),
    ...[...byRegion].flatMap(([region, grants]) =>
      grants.length > 0 ? deriveModelAccess(grants, { ...place, region }) : [],
    ),
    ...(roles.length > 0 ? [{ actions: ['sts:AssumeRole'], resources: roles }] : []),
  ];
}
