import { ProxyError } from '../../errors/proxy-error.js';
import type { AnthropicDialectOptions } from './anthropic-dialect-options.js';

/** The names that a list of models holds if the operator set no aliases, newest first. */
export const knownNames = [
  'claude-opus-5-5',
  'claude-sonnet-5-5',
  'claude-haiku-5-5',
  'claude-opus-5',
  'claude-sonnet-5',
  'claude-opus-4-8',
  'claude-opus-4-7',
  'claude-opus-4-6',
  'claude-sonnet-4-6',
  'claude-haiku-4-5',
  'claude-opus-4-5',
] as const;

/** What Bedrock puts behind the names that bear no date. Later models have nothing. */
const versions: Readonly<Record<string, string>> = {
  'claude-opus-4-6': '-v1',
  'claude-haiku-4-5': '-20251001-v1:0',
  'claude-sonnet-4-5': '-20250929-v1:0',
  'claude-opus-4-5': '-20251101-v1:0',
  'claude-opus-4-1': '-20250805-v1:0',
  'claude-3-5-sonnet-20241022': '-v2:0',
};

/** The function that gives the Bedrock id for a name in the words of Anthropic. It throws `model_not_found` for any other name. */
export function modelNames({ inferencePrefix, region }: AnthropicDialectOptions): (name: string) => string {
  const prefix = inferencePrefix ?? prefixOf(region);
  return (name) => {
    if (isClaudeId(name)) return name;
    const [, bare] = /^(claude-.*?)(?:\[1m\])?$/s.exec(name) ?? [];
    if (bare === undefined) throw unknownModel(name);
    if (prefix === undefined) throw noPrefix(name);
    const version = versions[bare] ?? (/-\d{8}$/.test(bare) ? '-v1:0' : '');
    return `${prefix === 'none' ? '' : `${prefix}.`}anthropic.${bare}${version}`;
  };
}

/** Whether an id is one of Claude's, or an ARN, which may be one. */
export function isClaudeId(id: string): boolean {
  return id.includes('anthropic.') || id.startsWith('arn:');
}

/** The refusal of a name that stands for no Claude model. */
export function unknownModel(name: string): ProxyError {
  return new ProxyError('model_not_found', {
    message: `model: ${shorten(name)} is not known here. Use a name such as claude-sonnet-5, a Bedrock id of Claude, or a name that the operator set in MODEL_ALIASES. A model that is not Claude's is reached at /v1/chat/completions or /model/{id}/converse.`,
  });
}

/** A prefix is never guessed outside of these Regions: a wrong one moves data out of its geography. */
function prefixOf(region = ''): string | undefined {
  return /^(us-gov|us|eu)-(?!iso)/.exec(region)?.[1];
}

function noPrefix(name: string): ProxyError {
  return new ProxyError('model_not_found', {
    message: `model: ${shorten(name)} needs an inference profile, and this proxy does not know which. Its operator sets BEDROCK_INFERENCE_PREFIX, such as jp, au, apac or global. A Bedrock id of Claude works too.`,
  });
}

function shorten(name: string): string {
  return name.length > 100 ? `${name.slice(0, 100)}…` : name;
}
