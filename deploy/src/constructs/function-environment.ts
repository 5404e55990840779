import { DeploymentError } from '../deployment-error.ts';
import { detailsOf } from '../model-access/model-grant.ts';
import type { CommonProxyProps } from './proxy-props.ts';

/** Lambda allows 4 KB for all variables together. The other variables need the rest. */
const maxModelListBytes = 3_000;

/**
 * The environment variables of the function. If a prop sets a variable, `environment` must not set it.
 *
 * @param settled the variables that the endpoint and `auth` need
 * @throws {DeploymentError} if `environment` sets such a variable, or the list of models is too long
 */
export function functionEnvironment(
  { models, corsOrigins, bedrockRegion, environment = {} }: CommonProxyProps,
  settled: Readonly<Record<string, string>>,
): Record<string, string> {
  const own: Record<string, string> = {
    ...settled,
    ...(models !== 'every-model' && { ALLOWED_MODELS: listModels(models.map((grant) => detailsOf(grant).modelId)) }),
    ...(corsOrigins !== undefined && { CORS_ALLOWED_ORIGINS: [corsOrigins].flat().join(',') }),
    ...(bedrockRegion !== undefined && { BEDROCK_REGION: bedrockRegion }),
  };
  const doubled = Object.keys(environment).find((name) => name in own);
  if (doubled !== undefined) {
    throw new DeploymentError(`environment must not set ${doubled}: another prop sets it.`);
  }
  return { NODE_OPTIONS: '--enable-source-maps', ...own, ...environment };
}

function listModels(ids: readonly string[]): string {
  const list = ids.join(',');
  if (list.length <= maxModelListBytes) return list;
  throw new DeploymentError(
    'The list of models is too long for Lambda environment variables (4 KB): list fewer models or use every-model.',
  );
}
