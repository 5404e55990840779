import { parseArgs } from 'node:util';
import { defaultModels } from '../app/app-options.ts';
import { DeploymentError } from '../deployment-error.ts';
import type { Patient } from './patient.ts';
import { payloadFor } from './payload-for.ts';

const [defaultModel = ''] = defaultModels;

export const doctorUsage = `npm run doctor -- URL [options]

Examines a deployed proxy by real requests: one short streamed answer is all that it costs.

  --model ID         a model that the token may use (${defaultModel})
  --payload JSON     the model's own request, where it is not one of Claude, Nova or Llama
  --origin ORIGIN    the page for which CORS is examined (https://app.example.com)
  --help             print this

  BEDROCK_PROXY_TOKEN   a bearer token of the proxy; it is never printed`;

/**
 * Reads the command line of `npm run doctor`.
 *
 * @returns undefined where help was asked for
 * @throws {DeploymentError} for what it does not understand
 */
export function readDoctorArguments(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Patient | undefined {
  const { values, positionals } = parse(args);
  if (values.help) return undefined;
  const [address, ...others] = positionals;
  if (address === undefined || others.length > 0)
    throw new DeploymentError('Give one URL; see npm run doctor -- --help.');
  const modelId = values.model ?? defaultModel;
  const token = environment['BEDROCK_PROXY_TOKEN']?.trim();
  if (token !== undefined && /[^\x21-\x7e]/.test(token)) {
    throw new DeploymentError('BEDROCK_PROXY_TOKEN holds what no header can carry: is it the token, and nothing else?');
  }
  return {
    url: readUrl(address),
    modelId,
    payload: values.payload === undefined ? payloadFor(modelId) : readPayload(values.payload),
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
    throw new DeploymentError(`"${address}" is no URL: give the one that clients POST to, with https://.`);
  }
  if (url.username !== '' || url.password !== '') throw new DeploymentError('Leave name and password out of the URL.');
  const isLocal = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
  if (url.protocol === 'http:' && !isLocal) {
    throw new DeploymentError('Over http everybody on the way would read the token: give the https URL.');
  }
  return url;
}

function readPayload(text: string): Readonly<Record<string, unknown>> {
  const unusable = new DeploymentError('--payload is no JSON object.');
  let payload: unknown;
  try {
    payload = JSON.parse(text);
  } catch {
    throw unusable;
  }
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) throw unusable;
  return { ...payload };
}
