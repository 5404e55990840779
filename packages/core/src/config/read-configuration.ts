import type { BedrockInvokerOptions } from '../bedrock/create-bedrock-invoker.js';
import type { CorsOrigins } from '../http/http-answer.js';
import { isModelId } from '../models/model-id.js';
import type { Logger } from '../ports/logger.js';
import type { ModelInvoker } from '../ports/model-invoker.js';
import type { ProxyOptions } from '../proxy/create-proxy.js';
import { cloudWatchMetrics } from '../telemetry/cloudwatch-metrics.js';
import { createLogger, writeLogLine } from '../telemetry/create-logger.js';
import { type CreateInvoker, connectInvoker } from './connect-invoker.js';
import {
  ConfigurationError,
  type Environment,
  functionNameOf,
  readStrictList,
  readVariable,
  readWholeNumber,
  readWord,
} from './environment.js';
import { layerTracer } from './layer-tracer.js';
import { readAccess } from './read-access.js';
import { readAliases } from './read-aliases.js';
import { readBedrockSettings, withStreamMode } from './read-bedrock-settings.js';
import { readDialects } from './read-dialects.js';
import { type VariableOf, variableDefaults } from './variable-defaults.js';
import { warnOfSimilarNames } from './warn-of-similar-names.js';
import { withLimits } from './with-limits.js';

/** The options that the environment sets, grouped by the function that takes them. */
export interface Configuration {
  readonly bedrock: Pick<BedrockInvokerOptions, 'region' | 'maxAttempts'>;
  /** The invoker for `proxy`, made by `createBedrockInvoker` of `bedrock`. It tries the targets of an alias in turn. */
  readonly connect: (create: CreateInvoker) => ModelInvoker;
  /** In Lambda, `onRequestEnd` writes metrics. */
  readonly proxy: Required<
    Pick<ProxyOptions, 'access' | 'dialects' | 'limits' | 'listedModels' | 'logger' | 'settleTimeoutMs'>
  > &
    Pick<ProxyOptions, 'aliases' | 'callOptions' | 'clientMaySet' | 'onRequestEnd' | 'tracer'>;
  readonly http: { readonly cors: CorsOrigins };
  /** The timeout of the gateway in front of a buffered function, in milliseconds. */
  readonly gatewayTimeoutMs: number;
}

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/**
 * Reads and checks every variable of the deployable bundles, except those of `readServerSettings`. Throws a `ConfigurationError` that names the variable, never its value.
 */
export function readConfiguration(
  environment: Environment,
  logger: Logger = createLogger(readWord(environment, 'LOG_LEVEL', logLevels)),
): Configuration {
  warnOfSimilarNames(environment, logger);
  const number = (name: VariableOf<number>) => readWholeNumber(environment, name);
  const region = readVariable(environment, 'BEDROCK_REGION');
  const functionName = functionNameOf(environment);
  const aliases = readAliases(environment);
  const bedrock = {
    ...(region !== undefined && { region: readRegion(region) }),
    maxAttempts: number('BEDROCK_MAX_ATTEMPTS'),
  };
  const access = withStreamMode(readAccess(environment, logger), environment);
  return {
    bedrock,
    connect: (create) => connectInvoker(create, bedrock, aliases),
    proxy: {
      access: withLimits(access, environment, logger, aliases),
      listedModels: readListedModels(environment),
      dialects: readDialects(environment),
      ...(aliases && { aliases }),
      logger,
      tracer: () => layerTracer(environment),
      ...readBedrockSettings(environment, logger),
      // Each settle ends by itself after its own timeout.
      settleTimeoutMs: number('LIMITS_TIMEOUT_MS') + 500,
      ...(functionName !== undefined && { onRequestEnd: cloudWatchMetrics(functionName, writeLogLine) }),
      limits: {
        maxBodyBytes: number('MAX_BODY_BYTES'),
        headWaitMs: number('HEAD_WAIT_MS'),
        heartbeatMs: number('HEARTBEAT_MS'),
        firstEventTimeoutMs: number('FIRST_EVENT_TIMEOUT_MS'),
        idleTimeoutMs: number('IDLE_TIMEOUT_MS'),
        deadlineMarginMs: readWholeNumber(environment, 'DEADLINE_MARGIN_MS', { min: 0 }),
      },
    },
    http: { cors: readCorsOrigins(environment) },
    gatewayTimeoutMs: number('GATEWAY_TIMEOUT_MS'),
  };
}

/** The models of `LISTED_MODELS`, and those that `ALLOWED_MODELS` names without a wildcard. `@` begins the name of an alias. */
function readListedModels(environment: Environment): readonly string[] {
  const allowed = readStrictList(environment, 'ALLOWED_MODELS') ?? [];
  const listed = readVariable(environment, 'LISTED_MODELS')?.split(/[\s,]+/) ?? [];
  const ids = listed.filter((id) => id !== '');
  if (!ids.every(isModelId)) {
    throw new ConfigurationError(
      'LISTED_MODELS',
      'must be model ids, inference-profile ids or ARNs, separated by commas.',
    );
  }
  return [...new Set([...ids, ...allowed.filter((id) => !/[*?]|^@/.test(id))])];
}

function readRegion(region: string): string {
  if (/^[a-z]{2,}(-[a-z]+)+-\d+$/.test(region)) return region;
  throw new ConfigurationError('BEDROCK_REGION', 'must be a region such as eu-west-1.');
}

function readCorsOrigins(environment: Environment): CorsOrigins {
  const value = (readVariable(environment, 'CORS_ALLOWED_ORIGINS') ?? variableDefaults.CORS_ALLOWED_ORIGINS).trim();
  if (value === '*' || value === 'off') return value;
  const origins = value
    .split(',')
    .map((origin) => origin.trim())
    .filter((origin) => origin !== '');
  if (!origins.every(isOrigin)) {
    throw new ConfigurationError(
      'CORS_ALLOWED_ORIGINS',
      'must be *, off, or origins such as https://app.example.com, separated by commas and without a path.',
    );
  }
  if (origins.length === 0)
    throw new ConfigurationError(
      'CORS_ALLOWED_ORIGINS',
      'has no origin. Set *, off, or origins such as https://app.example.com.',
    );
  return origins;
}

/** Whether a browser can send this origin. For schemes such as those of extensions, `URL` gives no origin, so only the form is checked. */
function isOrigin(origin: string): boolean {
  if (!/^[a-z][a-z0-9+.-]*:\/\/[^/?#@\s*]+$/.test(origin) || !URL.canParse(origin)) return false;
  return [origin, 'null'].includes(new URL(origin).origin);
}
