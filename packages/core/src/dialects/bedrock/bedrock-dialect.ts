import { ProxyError } from '../../errors/proxy-error.js';
import type { Codec, Dialect } from '../dialect.js';
import { readTarget } from './read-target.js';

export interface BedrockDialectOptions {
  /** Whether a silent stream is kept alive by frames of the event type `ping`, which Bedrock itself does not send. `false` by default. */
  readonly heartbeat?: boolean;
}

/** The first segments of the paths of Bedrock Runtime. */
const ownPath = /^\/(?:model|guardrail|guardrail-checks|async-invoke|inference-profiles)(?:\/|$)/;

/**
 * The API of Bedrock Runtime: `/model/{id}/…` with bodies and event frames byte for byte. An AWS SDK needs only the endpoint and the
 * token of the proxy.
 */
export function bedrockDialect({ heartbeat = false }: BedrockDialectOptions = {}): Dialect {
  let codec: Codec | undefined;
  return {
    name: 'bedrock',
    paths: ownPath,
    route({ method, path, headers }) {
      if (!readTarget(path)) throw new ProxyError('not_found', { message: noOperation });
      if (method !== 'POST') throw new ProxyError('method_not_allowed');
      if (headers['authorization']?.[0]?.startsWith('AWS4-') && !headers['x-api-key']) {
        throw new ProxyError('missing_token', { message: signed });
      }
      return { kind: 'model', load: () => codec ?? load() };
    },
    refuse: async (...failed) => (await import('./refuse-as-bedrock.js')).refuseAsBedrock(...failed),
  };

  async function load(): Promise<Codec> {
    const { bedrockCodec } = await import('./bedrock-codec.js');
    codec = bedrockCodec(heartbeat);
    return codec;
  }
}

const noOperation =
  'This proxy has no such operation. It has invoke, invoke-with-response-stream, converse, converse-stream and count-tokens.';
const signed =
  'This endpoint takes a bearer token, not an AWS signature. Set AWS_BEARER_TOKEN_BEDROCK to the token of this proxy.';
