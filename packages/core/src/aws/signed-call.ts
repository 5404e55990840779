import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { Sha256 } from '@smithy/core/checksum';
import { HttpRequest } from '@smithy/core/transport';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { SignatureV4 } from '@smithy/signature-v4';

/** The credentials of AWS, or what gives them. */
export type Credentials = ConstructorParameters<typeof SignatureV4>[0]['credentials'];

/** What is particular to a service that speaks AWS JSON 1.1. */
export interface StoreService {
  /** In host names and signatures: `secretsmanager`. */
  readonly name: string;
  /** In `X-Amz-Target`: `secretsmanager.GetSecretValue`. */
  readonly target: string;
  /** The environment variable that names another endpoint. */
  readonly endpointVariable: string;
}

/** Where a service is called, and as whom. */
export interface StoreAccess {
  /** By default that of the ARN, else `AWS_REGION`. */
  readonly region?: string | undefined;
  /** By default what `AWS_ENDPOINT_URL_…` or `AWS_ENDPOINT_URL` says, else the service's own in the region. */
  readonly endpoint?: string | undefined;
  /** By default the SDK's whole credential chain. */
  readonly credentials?: Credentials | undefined;
}

interface StoreCall extends StoreAccess {
  readonly service: StoreService;
  /** A name or an ARN. */
  readonly id: string;
  readonly body: object;
}

/**
 * A way to send one signed request, again and again, over a connection of its own each time. It rejects with an `Error` that names
 * operation, status and exception, and holds nothing of what the service said beside.
 */
export function storeCall({ service, id, body, ...access }: StoreCall): (signal: AbortSignal) => Promise<unknown> {
  const { credentials = defaultProvider() } = access;
  const handler = new NodeHttpHandler({ httpAgent: { keepAlive: false }, httpsAgent: { keepAlive: false } });
  return async (signal) => {
    const { AWS_REGION, AWS_DEFAULT_REGION } = process.env;
    const region = access.region ?? regionOfArn(id) ?? (AWS_REGION || AWS_DEFAULT_REGION);
    if (!region) throw new Error(`No region for ${service.name}: set AWS_REGION, or name the secret by its ARN.`);
    const endpoint = new URL(access.endpoint ?? configuredEndpoint(service) ?? regionalEndpoint(service, region));
    const signer = new SignatureV4({ service: service.name, region, credentials, sha256: Sha256 });
    const signed = await signer.sign({
      method: 'POST',
      protocol: endpoint.protocol,
      hostname: endpoint.hostname,
      ...(endpoint.port !== '' && { port: Number(endpoint.port) }),
      path: endpoint.pathname,
      query: {},
      headers: {
        host: endpoint.host,
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': service.target,
      },
      body: JSON.stringify(body),
    });
    signal.throwIfAborted();
    const { response } = await handler.handle(new HttpRequest(signed), { abortSignal: signal });
    return readResponse(response, service.target);
  };
}

function regionOfArn(id: string): string | undefined {
  return /^arn:[^:]+:[^:]+:([^:]+):/.exec(id)?.[1];
}

function configuredEndpoint({ endpointVariable }: StoreService): string | undefined {
  if (process.env['AWS_IGNORE_CONFIGURED_ENDPOINT_URLS'] === 'true') return undefined;
  return process.env[endpointVariable] || process.env['AWS_ENDPOINT_URL'] || undefined;
}

function regionalEndpoint({ name }: StoreService, region: string): string {
  return `https://${name}.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;
}

/** What is read of an HTTP response. */
interface StoreResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: AsyncIterable<Uint8Array>;
}

/** Bytes. A secret has at most 64 KB, which JSON may escape. */
const longest = 512 * 1024;

/** The JSON of a response. Rejects for any status but 200 with an `Error` that names it and the exception, and quotes nothing else. */
export async function readResponse({ statusCode, headers, body }: StoreResponse, target: string): Promise<unknown> {
  const json = await readJson(body);
  if (statusCode === 200) return json;
  const named = headers['x-amzn-errortype'] ?? memberOf(json, '__type') ?? '';
  const exception = /([A-Za-z]{1,80})(?::.*)?$/.exec(String(named))?.[1] ?? 'no exception named';
  throw new Error(`${target} was refused: ${statusCode}, ${exception}.`);
}

/** A member of what may be an object. */
export function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

async function readJson(body: AsyncIterable<Uint8Array> = noBody()): Promise<unknown> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of body) {
    length += piece.length;
    if (length > longest) throw new Error(`The answer is over ${longest} bytes.`);
    pieces.push(piece);
  }
  try {
    return JSON.parse(Buffer.concat(pieces).toString('utf8'));
  } catch {
    // The engine's own sentence would quote the secret.
    return undefined;
  }
}

async function* noBody(): AsyncGenerator<Uint8Array> {}
