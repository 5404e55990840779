import { defaultProvider } from '@aws-sdk/credential-provider-node';
import type { AwsCredentialIdentity, Provider } from '@smithy/types';
import { isJsonObject } from '../models/json-object.js';
import {
  createHttpTransport,
  type HttpTarget,
  type ResponseHeaders,
  readBody,
  targetOf,
} from './create-http-transport.js';
import { createRequestSigner, type SignRequest } from './create-request-signer.js';

/** AWS credentials, or a function that provides them. */
export type Credentials = AwsCredentialIdentity | Provider<AwsCredentialIdentity>;

/** A service of AWS. */
export interface AwsService {
  /** The service in host names and signatures: `secretsmanager`. */
  readonly service: string;
  /** The environment variable that names another endpoint. */
  readonly endpointVariable: string;
  /** Whether the connection stays open for the next call: for calls that follow each other within seconds. */
  readonly keepAlive: boolean;
}

/** One operation of a service that speaks AWS JSON. */
export interface JsonOperation extends AwsService {
  /** `X-Amz-Target`: `secretsmanager.GetSecretValue`. */
  readonly target: string;
  /** The version of AWS JSON: `1.0` or `1.1`. */
  readonly version: '1.0' | '1.1';
}

/** Where a service is called, and as whom. */
export interface ServiceAccess {
  /** By default the Region of the ARN, else `AWS_REGION`. */
  readonly region?: string | undefined;
  /** By default the value of `AWS_ENDPOINT_URL_…` or `AWS_ENDPOINT_URL`, else the service's own endpoint in the Region. */
  readonly endpoint?: string | undefined;
  /** By default the SDK's whole credential chain. */
  readonly credentials?: Credentials | undefined;
}

/** A status of a service other than 200. */
class CallRefused extends Error {
  override readonly name = 'CallRefused';
  /** The name of the exception; empty if the service named none. */
  readonly exception: string;
  /** The JSON of the answer. It is for the caller alone: the log must not have it. */
  readonly #answer: unknown;

  constructor(target: string, status: number, exception: string, answer: unknown) {
    super(`${target} was refused: ${status}, ${exception || 'no exception named'}.`);
    this.exception = exception;
    this.#answer = answer;
  }

  get answer(): unknown {
    return this.#answer;
  }
}

/** Sends one signed request with this body. `signal` gives it up. */
export type SignedCall = (body: object, signal: AbortSignal) => Promise<unknown>;

/**
 * A way to call an operation, for a resource that is named by `id`, a name or an ARN. It rejects with a `CallRefused` whose message names
 * the operation, the status and the exception, and contains nothing else of the answer.
 */
export function signedCall(operation: JsonOperation, id: string, access: ServiceAccess): SignedCall {
  const { target, version } = operation;
  const send = signedSender(operation, id, access);
  const headers = { 'content-type': `application/x-amz-json-${version}`, 'x-amz-target': target };
  return async (body, signal) => readJson(await send(headers, JSON.stringify(body), signal), target);
}

/** The response of a service. */
export interface ServiceResponse {
  readonly status: number;
  readonly headers: ResponseHeaders;
  readonly text: string;
}

/** Sends one signed request with these headers and this body. `signal` gives it up. */
export type SendSigned = (
  headers: Readonly<Record<string, string>>,
  body: string,
  signal: AbortSignal,
) => Promise<ServiceResponse>;

/** A way to send signed requests to a service, for a resource that is named by `id`. It resolves for every status. */
export function signedSender(aws: AwsService, id: string, access: ServiceAccess): SendSigned {
  const { keepAlive } = aws;
  const { credentials = defaultProvider() } = access;
  const transport = createHttpTransport({ keepAlive });
  let underWay = 0;
  let idleSince = Date.now();
  let place: Place | undefined;
  return async (headers, body, signal) => {
    place ??= locate(aws, id, access);
    const { target, path, host, sign } = place;
    const keys = typeof credentials === 'function' ? await credentials() : credentials;
    const sized = { host, 'content-length': String(Buffer.byteLength(body)), ...headers };
    const signed = sign({ path, headers: sized, body }, keys);
    if (underWay === 0 && Date.now() - idleSince > longestIdleMs) transport.close();
    underWay++;
    try {
      const answer = await transport.post({ target, path, headers: signed.headers, body }, signal);
      signed.correctClock(answer.headers['date'], answer.headers);
      const text = (await readBody(answer, longest)).toString('utf8');
      return { status: answer.statusCode ?? 0, headers: answer.headers, text };
    } finally {
      underWay--;
      idleSince = Date.now();
    }
  };
}

/** Where a resource is, and the signer for it. */
interface Place {
  readonly target: HttpTarget;
  readonly path: string;
  readonly host: string;
  readonly sign: SignRequest;
}

function locate(aws: AwsService, id: string, access: ServiceAccess): Place {
  const { service } = aws;
  const { AWS_REGION, AWS_DEFAULT_REGION } = process.env;
  const region = access.region ?? regionOfArn(id) ?? (AWS_REGION || AWS_DEFAULT_REGION);
  if (!region) throw new Error(`No region for ${service}: set AWS_REGION, or use the ARN as the name.`);
  const url = new URL(access.endpoint ?? configuredEndpoint(aws) ?? regionalEndpoint(service, region));
  return { target: targetOf(url), path: url.pathname, host: url.host, sign: createRequestSigner(service, region) };
}

/** A connection that was idle for longer may be dead: Lambda freezes a function between requests, and no timer tells. */
const longestIdleMs = 20_000;

function regionOfArn(id: string): string | undefined {
  return /^arn:[^:]+:[^:]+:([^:]+):/.exec(id)?.[1];
}

function configuredEndpoint({ endpointVariable }: AwsService): string | undefined {
  if (process.env['AWS_IGNORE_CONFIGURED_ENDPOINT_URLS'] === 'true') return undefined;
  return process.env[endpointVariable] || process.env['AWS_ENDPOINT_URL'] || undefined;
}

function regionalEndpoint(service: string, region: string): string {
  return `https://${service}.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;
}

/** Bytes. A secret has at most 64 KB, which JSON may escape. */
const longest = 512 * 1024;

/** The JSON of a response. Throws a `CallRefused` for any status but 200. */
function readJson({ status, headers, text }: ServiceResponse, target: string): unknown {
  const json = parse(text);
  if (status === 200) return json;
  const named = headers['x-amzn-errortype'] ?? (isJsonObject(json) ? json['__type'] : undefined) ?? '';
  const exception = /([A-Za-z]{1,80})(?::.*)?$/.exec(String(named).slice(0, 512))?.[1] ?? '';
  throw new CallRefused(target, status, exception, json);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The engine's own sentence would quote the secret.
    return undefined;
  }
}
