import { ProxyError } from '../../errors/proxy-error.js';
import type { Codec, Dialect } from '../dialect.js';
import { nativeRefusal } from './native-error.js';

/** The first segments of paths that belong to other APIs, whether their dialects are on or not. */
const reserved = new Set(['v1', 'model', 'guardrail', 'guardrail-checks', 'async-invoke', 'inference-profiles']);
/** The paths of OpenAI's API without `/v1`. */
const reservedPaths = new Set(['/chat/completions', '/responses', '/embeddings']);

/**
 * The proxy's own dialect: `{modelId, stream?, …payload}` in; the model's JSON, `{"content":"…"}` events or an array of them out.
 * It answers every path that no other API has, because an API Gateway resource may have any name.
 */
export function nativeDialect(): Dialect {
  let codec: Codec | undefined;
  return {
    name: 'native',
    route({ method, path }) {
      if (reserved.has(path.split('/', 2)[1] ?? '') || reservedPaths.has(path)) return undefined;
      if (method !== 'POST') throw new ProxyError('method_not_allowed');
      return { kind: 'model', load: () => codec ?? load() };
    },
    refuse: nativeRefusal,
  };

  async function load(): Promise<Codec> {
    const { nativeCodec } = await import('./native-codec.js');
    codec = nativeCodec;
    return codec;
  }
}
