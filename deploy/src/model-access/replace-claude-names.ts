import { DeploymentError } from '../deployment-error.ts';
import { detailsOf, type ModelGrants } from './model-grant.ts';

/** The endings of ids whose names have no date. Later models have none. The proxy has the same table; a test compares the two. */
const versions: Readonly<Record<string, string>> = {
  'claude-opus-4-6': '-v1',
  'claude-haiku-4-5': '-20251001-v1:0',
  'claude-sonnet-4-5': '-20250929-v1:0',
  'claude-opus-4-5': '-20251101-v1:0',
  'claude-opus-4-1': '-20250805-v1:0',
  'claude-3-5-sonnet-20241022': '-v2:0',
};

/** Where Bedrock is called, and the prefix that replaces the one of this Region. */
export interface NamingPlace {
  readonly region: string;
  readonly inferencePrefix?: string | undefined;
}

/**
 * Replaces the names that Anthropic gives its models, such as `claude-sonnet-5`, by the ids that the proxy uses for them. All other ids
 * stay.
 *
 * @throws {DeploymentError} if such a name needs an inference profile, and the Region does not determine it
 */
export function replaceClaudeNames(grants: ModelGrants, place: NamingPlace): ModelGrants {
  if (grants === 'every-model') return grants;
  return grants.map((grant) => {
    const { modelId } = detailsOf(grant);
    if (!/^claude-[a-z0-9-]+$/.test(modelId)) return grant;
    return { ...detailsOf(grant), modelId: bedrockId(modelId, place) };
  });
}

function bedrockId(name: string, { region, inferencePrefix }: NamingPlace): string {
  const prefix = inferencePrefix ?? /^(us-gov|us|eu)-(?!iso)/.exec(region)?.[1];
  if (prefix === undefined) {
    throw new DeploymentError(
      `"${name}" needs an inference profile that its Region does not determine: use the id of a profile such as jp.anthropic.${name}, or set BEDROCK_INFERENCE_PREFIX.`,
    );
  }
  const version = versions[name] ?? (/-\d{8}$/.test(name) ? '-v1:0' : '');
  return `${prefix === 'none' ? '' : `${prefix}.`}anthropic.${name}${version}`;
}
