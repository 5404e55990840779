import type { AnthropicDialectOptions } from '../dialects/anthropic/anthropic-dialect-options.js';
import type { Dialect } from '../dialects/dialect.js';
import { standardDialects } from '../dialects/standard-dialects.js';
import { ConfigurationError, type Environment, readVariable, readWord } from './environment.js';
import type { VariableName } from './variable-defaults.js';

const prefixes = ['us', 'eu', 'apac', 'jp', 'au', 'us-gov', 'global', 'none'];

/** The dialects, as the environment sets them. */
export function readDialects(environment: Environment): readonly Dialect[] {
  const heartbeat = readWord(environment, 'EVENTSTREAM_HEARTBEAT', ['true', 'false']) === 'true';
  return standardDialects({ bedrock: { heartbeat }, anthropic: readAnthropic(environment) });
}

function readAnthropic(environment: Environment): AnthropicDialectOptions {
  const betas = readList(environment, 'ANTHROPIC_BETAS');
  const betasDeny = readList(environment, 'ANTHROPIC_BETAS_DENY');
  // Set to nothing, it drops nothing.
  const dropFields = environment['ANTHROPIC_DROP_FIELDS'] === '' ? [] : readList(environment, 'ANTHROPIC_DROP_FIELDS');
  const inferencePrefix = readVariable(environment, 'BEDROCK_INFERENCE_PREFIX');
  if (inferencePrefix !== undefined && !prefixes.includes(inferencePrefix)) {
    throw new ConfigurationError('BEDROCK_INFERENCE_PREFIX', `must be one of ${prefixes.join(', ')}.`);
  }
  const region = readVariable(environment, 'BEDROCK_REGION') ?? environment['AWS_REGION'];
  return {
    ...(betas && { betas }),
    ...(betasDeny && { betasDeny }),
    ...(dropFields && { dropFields }),
    ...(inferencePrefix !== undefined && { inferencePrefix }),
    ...(region !== undefined && { region }),
  };
}

/** Items that are separated by commas or white space; undefined if the variable is not set. */
function readList(environment: Environment, name: VariableName): readonly string[] | undefined {
  return readVariable(environment, name)
    ?.split(/[\s,]+/)
    .filter((item) => item !== '');
}
