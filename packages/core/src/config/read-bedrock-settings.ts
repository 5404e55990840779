import { type AccessPolicy, clientOptions } from '../access/access-policy.js';
import { latencies, readGuardrail, readMetadata, serviceTiers } from '../access/bedrock-settings.js';
import type { Logger } from '../ports/logger.js';
import type { InvokeModelOptions } from '../ports/model-invoker.js';
import type { ProxyOptions } from '../proxy/create-proxy.js';
import {
  ConfigurationError,
  type Environment,
  readOptionalWord,
  readStrict,
  readStrictList,
  readWord,
} from './environment.js';

/** What the operator sets of Bedrock's own settings, and what callers may set. */
export function readBedrockSettings(
  environment: Environment,
  logger: Logger,
): Pick<ProxyOptions, 'callOptions' | 'clientMaySet'> {
  const callOptions = readCallOptions(environment, logger);
  const maySet = readStrictList(environment, 'CLIENT_OPTIONS') ?? [];
  const clientMaySet = clientOptions.filter((option) => maySet.includes(option));
  if (clientMaySet.length < new Set(maySet).size) {
    throw new ConfigurationError('CLIENT_OPTIONS', `must be a list of ${clientOptions.join(', ')}.`);
  }
  return {
    ...(Object.keys(callOptions).length > 0 && { callOptions }),
    ...(clientMaySet.length > 0 && { clientMaySet }),
  };
}

function readCallOptions(environment: Environment, logger: Logger): InvokeModelOptions {
  const guardrail = readPinnedGuardrail(environment, logger);
  const serviceTier = readOptionalWord(environment, 'SERVICE_TIER', serviceTiers);
  const performanceLatency = readOptionalWord(environment, 'PERFORMANCE_LATENCY', latencies);
  const requestMetadata = readRequestMetadata(environment);
  return {
    ...(guardrail && { guardrail }),
    ...(serviceTier && { serviceTier }),
    ...(performanceLatency && { performanceLatency }),
    ...(requestMetadata && { requestMetadata }),
  };
}

function readPinnedGuardrail(environment: Environment, logger: Logger): InvokeModelOptions['guardrail'] {
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
  return guardrail && { ...guardrail, ...(streamMode === 'async' && { streamMode }) };
}

function readRequestMetadata(environment: Environment): InvokeModelOptions['requestMetadata'] {
  const text = readStrict(environment, 'REQUEST_METADATA');
  if (text === undefined) return undefined;
  const { metadata, fault } = readMetadata(parseJson(text));
  if (fault !== undefined) throw new ConfigurationError('REQUEST_METADATA', `${fault}.`);
  return metadata;
}

/** Undefined for text that is not JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
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
