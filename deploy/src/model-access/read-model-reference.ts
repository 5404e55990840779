import { DeploymentError } from '../deployment-error.ts';
import { geographies, globalPrefix, modelMakers } from './geographies.ts';
import type { ModelReference, Place } from './model-reference.ts';

const plainId = /^[a-z0-9][a-z0-9-]*(?:\.[a-z0-9][a-z0-9-]*)+(?::[a-z0-9]+)*$/;
const arnParts = /^arn:(aws[a-z-]*):(bedrock|sagemaker):([a-z0-9-]+):(\d{12})?:([a-z-]+)\/([\w.:/-]+)$/;

/**
 * Reads a model id, an inference-profile id or an ARN.
 *
 * @param place where an id without a Region is called
 * @throws {DeploymentError} if the text is none of them, contains a wildcard, or is an ARN that cannot be called
 *   directly
 */
export function readModelReference(id: string, place: Place): ModelReference {
  if (/[*?]/.test(id)) {
    throw new DeploymentError(`"${id}" is a wildcard: list the models, or use every-model to allow all models.`);
  }
  return id.startsWith('arn:') ? readArn(id) : readId(id, place);
}

function readId(id: string, place: Place): ModelReference {
  const [prefix = '', second = ''] = id.split('.');
  if (!plainId.test(id)) throw invalidModelId(id);
  const hasPrefix =
    prefix === globalPrefix ||
    geographies.has(prefix) ||
    (modelMakers.has(second) && id.includes('.', prefix.length + 1));
  if (!hasPrefix) return { kind: 'foundation-model', modelId: id, place };

  const modelId = id.slice(prefix.length + 1);
  if (!modelId.includes('.')) throw invalidModelId(id);
  const { partition, region, account } = place;
  const arn = `arn:${partition}:bedrock:${region}:${account}:inference-profile/${id}`;
  const profile = { arn, modelId, place };
  return { kind: prefix === globalPrefix ? 'global-profile' : 'geographic-profile', profile };
}

function readArn(arn: string): ModelReference {
  const [, partition = '', service, region = '', account, type = '', name = ''] = arnParts.exec(arn) ?? [];
  const kind = `${service}:${type}`;
  if (kind === 'bedrock:foundation-model' && account === undefined && plainId.test(name)) {
    return { kind: 'foundation-model', modelId: name, place: { partition, region, account: '' } };
  }
  if (account === undefined) throw invalidModelId(arn);
  const place = { partition, region, account };
  switch (kind) {
    case 'bedrock:inference-profile': {
      const reference = readId(name, place);
      if (reference.kind === 'foundation-model') throw invalidModelId(arn);
      return reference;
    }
    case 'bedrock:application-inference-profile':
      return { kind: 'application-profile', arn, place };
    case 'bedrock:prompt-router':
    case 'bedrock:default-prompt-router':
      return { kind: 'prompt-router', arn, place };
    case 'bedrock:provisioned-model':
    case 'bedrock:imported-model':
    case 'bedrock:custom-model-deployment':
      return { kind: 'own-model', arn };
    case 'sagemaker:endpoint':
      return { kind: 'marketplace-endpoint', arn };
    case 'bedrock:custom-model':
      throw new DeploymentError(
        `"${arn}" is a custom model: use the ARN of its deployment (custom-model-deployment or provisioned-model).`,
      );
    default:
      throw invalidModelId(arn);
  }
}

function invalidModelId(id: string): DeploymentError {
  return new DeploymentError(
    `"${id}" is not a model id, an inference-profile id or a model ARN: use one such as amazon.nova-2-lite-v1:0, global.anthropic.claude-haiku-5-5 or arn:aws:bedrock:….`,
  );
}
