import { BedrockRuntimeClient, type BedrockRuntimeClientConfig } from '@aws-sdk/client-bedrock-runtime';
import { extendedEncodeURIComponent } from '@smithy/core/protocols';
import { createHttpTransport, type ResponseHeaders, readBody } from '../aws/create-http-transport.js';
import { isJsonObject } from '../models/json-object.js';
import type { CallMeta, InvokeModelOptions, ModelCall, ModelInvoker, Usage } from '../ports/model-invoker.js';
import { insertFirst, parseValue, readJsonObject, rewrite } from '../request/json-scan.js';
import { type BedrockRequest, createRequestSender } from './create-request-sender.js';
import { readChunkBatches } from './read-chunk-batches.js';
import type { ResponseMetadata } from './upstream-error.js';

export interface BedrockInvokerOptions {
  /** By default the SDK's own search: `AWS_REGION`, then the profile. */
  readonly region?: string;
  /** Another host that speaks Bedrock's wire, such as a VPC endpoint or the emulator of `@bedrock-proxy/testing`. */
  readonly endpoint?: string;
  /** By default the SDK's whole credential chain. Given ones hold even where `AWS_BEARER_TOKEN_BEDROCK` is set. */
  readonly credentials?: NonNullable<BedrockRuntimeClientConfig['credentials']>;
  /** Requests at most for one call, the first included; only what fails before the answer begins is sent again. 3 by default. */
  readonly maxAttempts?: number;
  /** Milliseconds to connect; 0 for no limit. 3,000 by default. */
  readonly connectionTimeoutMs?: number;
}

const json = 'application/json';

/**
 * Calls models on Amazon Bedrock. Nothing is connected before the first call. It speaks HTTP/1.1 over connections kept alive: on the
 * SDK's default, HTTP/2, a reset in mid-stream looks like a clean end, and every stream pays for a TLS session of its own.
 */
export function createBedrockInvoker(options: BedrockInvokerOptions = {}): ModelInvoker {
  const { config } = createClient(options);
  const { connectionTimeoutMs = 3_000 } = options;
  const send = createRequestSender(config, createHttpTransport({ keepAlive: true, connectionTimeoutMs }));
  const serverAddress = serverAddressOf(options);
  return {
    ...(serverAddress !== undefined && { serverAddress }),
    async invoke(call) {
      // The body belongs to the attempt: one that breaks off in it is sent again.
      const { body, headers, metadata } = await send(requestOf(call, 'whole'), async (answer) => {
        const collected = await readBody(answer);
        if (collected.length === 0) throw new Error('Bedrock accepted the call, and its answer is empty');
        return collected;
      }).catch(refuse(call));
      return { body, contentType: textOf(headers['content-type']) ?? json, meta: callMetaOf(metadata, headers) };
    },
    async stream(call) {
      const request = requestOf(call, 'stream');
      const { body, headers, metadata } = await send(request, (answer) => answer).catch(refuse(call));
      return {
        contentType: textOf(headers['x-amzn-bedrock-content-type']) ?? json,
        meta: callMetaOf(metadata, headers),
        batches: readChunkBatches(body, call.operation === 'converse' ? 'converse' : 'chunk'),
      };
    },
  };
}

function textOf(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === 'string' ? header : undefined;
}

/** The host that the SDK will call. Only a trace needs it, so what the SDK reads from profiles is left out. */
function serverAddressOf({ endpoint, region }: BedrockInvokerOptions): string | undefined {
  const { AWS_ENDPOINT_URL_BEDROCK_RUNTIME, AWS_ENDPOINT_URL, AWS_REGION } = process.env;
  const url = endpoint ?? AWS_ENDPOINT_URL_BEDROCK_RUNTIME ?? AWS_ENDPOINT_URL;
  if (url !== undefined) return URL.canParse(url) ? new URL(url).host : undefined;
  const named = region ?? AWS_REGION;
  if (named === undefined) return undefined;
  return `bedrock-runtime.${named}.amazonaws.com${named.startsWith('cn-') ? '.cn' : ''}`;
}

function createClient(options: BedrockInvokerOptions): BedrockRuntimeClient {
  const { region, endpoint, credentials, maxAttempts = 3 } = options;
  return new BedrockRuntimeClient({
    ...(region !== undefined && { region }),
    ...(endpoint !== undefined && { endpoint }),
    ...(credentials !== undefined && { credentials, authSchemePreference: ['sigv4'] }),
    maxAttempts,
  });
}

/** The last segment of the path of each operation. `count-tokens` is never streamed. */
const operations = {
  'invoke-model': { whole: 'invoke', stream: 'invoke-with-response-stream' },
  converse: { whole: 'converse', stream: 'converse-stream' },
  'count-tokens': { whole: 'count-tokens', stream: undefined },
} as const;

/** The request for `call` on the wire. Throws a `TypeError` for an operation that is never streamed. */
export function requestOf(
  { operation, modelId, body, signal, options, deadlineAt, maxAttempts }: ModelCall,
  mode: 'whole' | 'stream',
): BedrockRequest {
  const name = operations[operation][mode];
  if (name === undefined) throw new TypeError(`${operation} cannot be streamed. Call invoke.`);
  return {
    path: `/model/${extendedEncodeURIComponent(modelId)}/${name}`,
    headers: { 'content-type': json, ...(operation === 'invoke-model' && invokeHeaders(mode, options)) },
    body: options ? withSettings(operation, mode, body, options) : body,
    signal,
    ...(deadlineAt !== undefined && { deadlineAt }),
    ...(maxAttempts !== undefined && { maxAttempts }),
  };
}

function invokeHeaders(mode: 'whole' | 'stream', options: InvokeModelOptions = {}): Record<string, string> {
  const { guardrail, performanceLatency, serviceTier, requestMetadata } = options;
  return {
    [mode === 'whole' ? 'accept' : 'x-amzn-bedrock-accept']: json,
    ...(guardrail && {
      'x-amzn-bedrock-guardrailidentifier': guardrail.id,
      'x-amzn-bedrock-guardrailversion': guardrail.version,
      ...(guardrail.trace && { 'x-amzn-bedrock-trace': guardrail.trace }),
    }),
    ...(performanceLatency && { 'x-amzn-bedrock-performanceconfig-latency': performanceLatency }),
    ...(serviceTier && { 'x-amzn-bedrock-service-tier': serviceTier }),
    ...(requestMetadata && { 'x-amzn-bedrock-request-metadata': asciiJson(requestMetadata) }),
  };
}

/** JSON that a header can hold. */
function asciiJson(value: object): string {
  const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(value).replace(/[^ -~]/g, escaped);
}

/** The body with the settings that travel inside it. Every byte of its own stays. */
function withSettings(
  operation: ModelCall['operation'],
  mode: 'whole' | 'stream',
  body: Uint8Array,
  options: InvokeModelOptions,
): Uint8Array {
  if (operation === 'converse') return withMembers(body, mode, options);
  const isAsync = operation === 'invoke-model' && mode === 'stream' && options.guardrail?.streamMode === 'async';
  if (!isAsync) return body;
  return insertFirst(readJsonObject(body), {
    'amazon-bedrock-guardrailConfig': { streamProcessingMode: 'ASYNCHRONOUS' },
  });
}

/**
 * A Converse body with each setting as a member. A member of the body replaces the setting of its name, but a guardrail is never replaced,
 * and metadata is joined.
 */
function withMembers(body: Uint8Array, mode: 'whole' | 'stream', options: InvokeModelOptions): Uint8Array {
  const { guardrail, performanceLatency, serviceTier, requestMetadata } = options;
  const object = readJsonObject(body);
  const own = (name: string) => object.members.filter(({ key }) => key === name);
  const sentMetadata = parseValue(own('requestMetadata').at(-1));
  const settings = {
    ...(guardrail && { guardrailConfig: guardrailConfig(guardrail, mode) }),
    ...(performanceLatency &&
      own('performanceConfig').length === 0 && { performanceConfig: { latency: performanceLatency } }),
    ...(serviceTier && own('serviceTier').length === 0 && { serviceTier: { type: serviceTier } }),
    ...(requestMetadata && {
      requestMetadata: isJsonObject(sentMetadata) ? { ...requestMetadata, ...sentMetadata } : requestMetadata,
    }),
  };
  const cut = [...(guardrail ? own('guardrailConfig') : []), ...(requestMetadata ? own('requestMetadata') : [])];
  return rewrite(object, new Set(cut), settings);
}

function guardrailConfig(
  { id, version, trace, streamMode }: NonNullable<InvokeModelOptions['guardrail']>,
  mode: 'whole' | 'stream',
): object {
  return {
    guardrailIdentifier: id,
    guardrailVersion: version,
    ...(trace && { trace: trace.toLowerCase() }),
    ...(streamMode && mode === 'stream' && { streamProcessingMode: streamMode }),
  };
}

function refuse({ signal }: ModelCall): (error: unknown) => Promise<never> {
  return async (error) => {
    if (signal.aborted) throw signal.reason;
    const { refusalOf } = await import('./upstream-error.js');
    throw refusalOf(error, callMetaOf);
  };
}

/** The counters of usage, by the headers that report them. */
const counters: ReadonlyMap<string, Exclude<keyof Usage, 'cacheWrite1hTokens'>> = new Map([
  ['x-amzn-bedrock-input-token-count', 'inputTokens'],
  ['x-amzn-bedrock-output-token-count', 'outputTokens'],
  ['x-amzn-bedrock-cache-read-input-token-count', 'cacheReadTokens'],
  ['x-amzn-bedrock-cache-write-input-token-count', 'cacheWriteTokens'],
]);

/** The metadata of a call, from `$metadata` and the response headers. */
export function callMetaOf({ attempts = 1, requestId }: ResponseMetadata, headers: ResponseHeaders): CallMeta {
  // Bedrock's own headers.
  let own: Record<string, string> | undefined;
  let reportedTokens: Usage | undefined;
  for (const name of Object.keys(headers)) {
    const value = headers[name];
    if (typeof value !== 'string' || !(name.startsWith('x-amzn-bedrock-') || name === 'x-amzn-requestid')) continue;
    own = { ...own, [name]: value };
    const counter = counters.get(name);
    if (counter !== undefined && /^\d+$/.test(value)) {
      reportedTokens = { ...reportedTokens, [counter]: Number(value) };
    }
  }
  return {
    attempts,
    ...(requestId !== undefined && { upstreamRequestId: requestId }),
    ...(reportedTokens && { reportedTokens }),
    ...(own && { headers: own }),
  };
}
