import type { AccessPolicy } from '../access/access-policy.js';
import { clientOptions } from '../access/access-policy.js';
import { readGuardrail } from '../access/read-guardrail.js';
import type { Logger } from '../ports/logger.js';
import type { ProxyOptions } from '../proxy/create-proxy.js';
import { ConfigurationError, type Environment, readStrict, readStrictList, readWord } from './environment.js';

/** What the operator sets of Bedrock's own settings, and what callers may set. */
export function readBedrockSettings(
  environment: Environment,
  logger: Logger,
): Pick<ProxyOptions, 'callOptions' | 'clientMaySet'> {
  const reference = readStrict(environment, 'GUARDRAIL');
  const streamMode = readWord(environment, 'GUARDRAIL_STREAM_MODE', ['sync', 'async']);
  const guardrail = reference === undefined ? undefined : readGuardrail(reference);
  if (reference !== undefined && !guardrail) {
    throw new ConfigurationError('GUARDRAIL', 'must be <id or ARN>:<version or DRAFT>, such as abc123:1.');
  }
  if (guardrail?.version === 'DRAFT') {
    logger.warn(
      { event: 'guardrail.draft', variable: 'GUARDRAIL' },
      'The guardrail is a draft: it changes with every edit. Set a version of it.',
    );
  }
  if (streamMode === 'async') {
    logger.warn(
      { event: 'guardrail.async', variable: 'GUARDRAIL_STREAM_MODE' },
      'With async, the guardrail masks nothing in a stream, and clients may read text before it is blocked.',
    );
  }
  const maySet = readStrictList(environment, 'CLIENT_OPTIONS') ?? [];
  const clientMaySet = clientOptions.filter((option) => maySet.includes(option));
  if (clientMaySet.length < new Set(maySet).size) {
    throw new ConfigurationError('CLIENT_OPTIONS', `must be a list of ${clientOptions.join(', ')}.`);
  }
  return {
    ...(guardrail && { callOptions: { guardrail: { ...guardrail, ...(streamMode === 'async' && { streamMode }) } } }),
    ...(clientMaySet.length > 0 && { clientMaySet }),
  };
}

/** The same policy, whose guardrails judge streams as `GUARDRAIL_STREAM_MODE` says. */
export function withStreamMode(access: AccessPolicy, environment: Environment): AccessPolicy {
  const streamMode = readWord(environment, 'GUARDRAIL_STREAM_MODE', ['sync', 'async']);
  if (streamMode === 'sync') return access;
  const policy: AccessPolicy = async (request) => {
    const decision = await access(request);
    if (decision.allow !== true || !decision.callOptions?.guardrail) return decision;
    const guardrail = { ...decision.callOptions.guardrail, streamMode };
    return { ...decision, callOptions: { ...decision.callOptions, guardrail } };
  };
  return Object.assign(policy, access.admitsSource && { admitsSource: access.admitsSource });
}
