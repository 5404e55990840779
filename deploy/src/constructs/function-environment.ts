import { DeploymentError } from '../deployment-error.ts';
import { detailsOf } from '../model-access/model-grant.ts';
import type { CommonProxyProps } from './proxy-props.ts';

/** Lambda allows 4 KB for all variables together. The other variables need the rest. */
const maxModelListBytes = 3_000;

/**
 * The environment variables of the function. If a prop sets a variable, `environment` must not set it.
 *
 * @param settled the variables that the endpoint and `auth` need
 * @throws {DeploymentError} if `environment` sets such a variable, or the models and aliases are too long
 */
export function functionEnvironment(
  { models, aliases = {}, guardrail, corsOrigins, bedrockRegion, environment = {} }: CommonProxyProps,
  settled: Readonly<Record<string, string>>,
): Record<string, string> {
  const names = Object.keys(aliases);
  const own: Record<string, string> = {
    ...settled,
    ...(models !== 'every-model' && {
      ALLOWED_MODELS: [...models.map((grant) => detailsOf(grant).modelId), ...names.map((name) => `@${name}`)].join(
        ',',
      ),
    }),
    ...(names.length > 0 && { MODEL_ALIASES: JSON.stringify(aliases) }),
    ...(guardrail && { GUARDRAIL: guardrail.pinned }),
    ...(corsOrigins !== undefined && { CORS_ALLOWED_ORIGINS: [corsOrigins].flat().join(',') }),
    ...(bedrockRegion !== undefined && { BEDROCK_REGION: bedrockRegion }),
  };
  const { ALLOWED_MODELS: list = '', MODEL_ALIASES: named = '' } = own;
  if (list.length + named.length > maxModelListBytes) {
    throw new DeploymentError(
      'The models and aliases are too long for Lambda environment variables (4 KB): list fewer, or use every-model.',
    );
  }
  const doubled = Object.keys(environment).find((name) => name in own);
  if (doubled !== undefined) {
    throw new DeploymentError(`environment must not set ${doubled}: another prop sets it.`);
  }
  return { ...own, ...environment };
}
