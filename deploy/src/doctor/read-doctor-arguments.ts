// `npm run doctor` does not install the dependencies of deploy/, so Node's own parser reads the options.
import { parseArgs } from 'node:util';
import { defaultClaude, defaultModel } from '../../../scripts/models/default-models.mjs';
import { DeploymentError } from '../deployment-error.ts';
import { type Deployment, type Dialect, dialects } from './deployment.ts';
import { isLoopback } from './is-loopback.ts';
import { payloadFor } from './payload-for.ts';

export const doctorUsage = `npm run doctor -- URL [options]

Checks a deployed proxy with real requests. It needs no AWS credentials. The only cost is one short streamed answer.

  --model ID         a model that the token is allowed to use, or the name of an alias (${defaultModel};
                     ${defaultClaude} with --dialect anthropic)
  --dialect NAME     the API whose stream is checked: native (default), openai, anthropic or bedrock
  --payload JSON     the request body of the native API; required if the model is not Claude, Nova or Llama
  --origin ORIGIN    the origin to check CORS for (https://app.example.com)
  --help             print this help

Environment variables
  BEDROCK_PROXY_TOKEN   a bearer token of the proxy; it is never printed`;

/**
 * Reads the command line of `npm run doctor`.
 *
 * @returns undefined if help is requested
 * @throws {DeploymentError} if an argument or the token is invalid
 */
export function readDoctorArguments(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Deployment | undefined {
  const { values, positionals } = parse(args);
  if (values.help) return undefined;
  const [address, ...others] = positionals;
  if (address === undefined || others.length > 0)
    throw new DeploymentError('Pass one URL; see npm run doctor -- --help.');
  const dialect = readDialect(values.dialect);
  const modelId = values.model ?? (dialect === 'anthropic' ? defaultClaude : defaultModel);
  const payload = readPayload(values.payload, dialect, modelId);
  const token = environment['BEDROCK_PROXY_TOKEN']?.trim();
  if (token !== undefined && /[^\x21-\x7e]/.test(token)) {
    throw new DeploymentError(
      'BEDROCK_PROXY_TOKEN contains characters that are not allowed in a header: set it to the token only.',
    );
  }
  return {
    url: readUrl(address),
    modelId,
    dialect,
    ...(payload && { payload }),
    origin: values.origin ?? 'https://app.example.com',
    timeoutMs: 60_000,
    ...(token && { token }),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h' },
        model: { type: 'string' },
        payload: { type: 'string' },
        origin: { type: 'string' },
        dialect: { type: 'string' },
      },
    });
  } catch (error) {
    const [sentence] = (error instanceof Error ? error.message : String(error)).split('. ');
    throw new DeploymentError(`${sentence}; see npm run doctor -- --help.`);
  }
}

function readUrl(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new DeploymentError(`"${address}" is not a URL: pass the https:// URL that clients send requests to.`);
  }
  if (url.username !== '' || url.password !== '')
    throw new DeploymentError('The URL must not contain a user name or password.');
  if (url.protocol === 'http:' && !isLoopback(url)) {
    throw new DeploymentError('http would expose the token: pass the https URL.');
  }
  return url;
}

function readDialect(name = 'native'): Dialect {
  const dialect = dialects.find((known) => known === name);
  if (dialect !== undefined) return dialect;
  throw new DeploymentError(`--dialect must be native, openai, anthropic or bedrock, not "${name}".`);
}

/** Only the native API has bodies that differ by model. Undefined for an alias there: only the proxy knows what its name stands for. */
function readPayload(
  text: string | undefined,
  dialect: Dialect,
  modelId: string,
): Readonly<Record<string, unknown>> | undefined {
  if (text === undefined && dialect !== 'native') return {};
  if (text === undefined) return /[.:]/.test(modelId) ? payloadFor(modelId) : undefined;
  const unusable = new DeploymentError('--payload must be a JSON object.');
  let payload: unknown;
  try {
    payload = JSON.parse(text);
  } catch {
    throw unusable;
  }
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) throw unusable;
  return { ...payload };
}
