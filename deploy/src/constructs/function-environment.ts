import { DeploymentError } from '../deployment-error.ts';
import { detailsOf } from '../model-access/model-grant.ts';
import type { ProxyProps } from './proxy-props.ts';

/** Lambda's limit is 4 KB for all variables together. */
const mostBytesOfModels = 3_000;

/**
 * The variables of the function. Those that a prop stands for are the prop's alone.
 *
 * @param settled what front and auth have decided
 * @throws {DeploymentError} where `environment` sets one of them again, or there are too many models to list
 */
export function functionEnvironment(
  { models, corsOrigins, bedrockRegion, environment = {} }: ProxyProps,
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
    throw new DeploymentError(`environment sets ${doubled}, which follows from the other props: leave it out there.`);
  }
  return { NODE_OPTIONS: '--enable-source-maps', ...own, ...environment };
}

function listModels(ids: readonly string[]): string {
  const list = ids.join(',');
  if (list.length <= mostBytesOfModels) return list;
  throw new DeploymentError(
    'The models are too many for the 4 KB that Lambda has for variables: name fewer, or say every-model.',
  );
}
