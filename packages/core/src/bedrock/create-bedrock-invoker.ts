import {
  BedrockRuntimeClient,
  type BedrockRuntimeClientConfig,
  InvokeModelCommand,
  type InvokeModelCommandInput,
  InvokeModelWithResponseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { ModelCall, ModelInvoker } from '../ports/model-invoker.js';
import { callMetaOf, keepResponseHeaders } from './call-meta.js';
import { batchesOf, chunkStreamSerde } from './chunk-stream-serde.js';
import { refusalOf } from './refusal.js';

export interface BedrockInvokerOptions {
  /** By default the SDK's own search: `AWS_REGION`, then the profile. */
  readonly region?: string;
  /** Another host that speaks Bedrock's wire, such as a VPC endpoint or the emulator of `@bedrock-proxy/testing`. */
  readonly endpoint?: string;
  /** By default the SDK's whole credential chain. Given ones hold even where `AWS_BEARER_TOKEN_BEDROCK` is set. */
  readonly credentials?: NonNullable<BedrockRuntimeClientConfig['credentials']>;
  /** Requests at most for one call, the first included; only what fails before the answer begins is sent again. 3 by default. */
  readonly maxAttempts?: number;
  /** Milliseconds to connect. 3,000 by default. */
  readonly connectionTimeoutMs?: number;
}

const json = 'application/json';

/**
 * Calls models on Amazon Bedrock. Nothing is connected before the first call. It speaks HTTP/1.1 over connections kept alive: on the
 * SDK's default, HTTP/2, a reset in mid-stream looks like a clean end, and every stream pays for a TLS session of its own.
 */
export function createBedrockInvoker(options: BedrockInvokerOptions = {}): ModelInvoker {
  const client = createClient(options);
  return {
    async invoke(call) {
      const command = new InvokeModelCommand(inputOf(call));
      const output = await client.send(command, { abortSignal: call.signal }).catch(refuse(call));
      return { body: output.body, contentType: output.contentType ?? json, meta: callMetaOf(output.$metadata) };
    },
    async stream(call) {
      const command = new InvokeModelWithResponseStreamCommand(inputOf(call));
      const output = await client.send(command, { abortSignal: call.signal }).catch(refuse(call));
      return {
        contentType: output.contentType ?? json,
        meta: callMetaOf(output.$metadata),
        batches: batchesOf(output.body),
      };
    },
  };
}

function createClient(options: BedrockInvokerOptions): BedrockRuntimeClient {
  const { region, endpoint, credentials, maxAttempts = 3, connectionTimeoutMs = 3_000 } = options;
  // Who calls decides how many calls there are at once; a limit here would only make some of them wait unseen.
  const agent = { keepAlive: true, maxSockets: Infinity };
  const client = new BedrockRuntimeClient({
    ...(region !== undefined && { region }),
    ...(endpoint !== undefined && { endpoint }),
    ...(credentials !== undefined && { credentials, authSchemePreference: ['sigv4'] }),
    maxAttempts,
    requestHandler: new NodeHttpHandler({
      connectionTimeout: connectionTimeoutMs,
      // The caller's limits hold: they tell a slow model from a dead one.
      socketTimeout: 0,
      httpAgent: agent,
      httpsAgent: agent,
    }),
    eventStreamSerdeProvider: chunkStreamSerde,
  });
  client.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      keepResponseHeaders(result.output?.$metadata, result.response);
      return result;
    },
    { step: 'deserialize', name: 'keepResponseHeaders', priority: 'high' },
  );
  return client;
}

function inputOf({
  modelId,
  body,
  options: { guardrail, performanceLatency, serviceTier } = {},
}: ModelCall): InvokeModelCommandInput {
  return {
    modelId,
    body,
    contentType: json,
    accept: json,
    ...(guardrail && {
      guardrailIdentifier: guardrail.id,
      guardrailVersion: guardrail.version,
      ...(guardrail.trace && { trace: guardrail.trace }),
    }),
    ...(performanceLatency && { performanceConfigLatency: performanceLatency }),
    ...(serviceTier && { serviceTier }),
  };
}

function refuse({ signal }: ModelCall): (error: unknown) => never {
  return (error) => {
    throw signal.aborted ? signal.reason : refusalOf(error);
  };
}
