import { ProxyError } from '../../errors/proxy-error.js';
import type { Codec, Dialect } from '../dialect.js';
import type { AnthropicCodec } from './anthropic-codec.js';
import type { AnthropicDialectOptions } from './anthropic-dialect-options.js';

const onlyGet = 'Only GET is answered here.';

/**
 * Anthropic's Messages API, for Claude: the client's own bytes go to Bedrock, and Claude's own come back. `GET /v1/models` is its too,
 * for clients that send `anthropic-version`.
 */
export function anthropicDialect(options: AnthropicDialectOptions = {}): Dialect {
  let codec: AnthropicCodec | undefined;
  return {
    name: 'anthropic',
    paths: /^\/v1\/(?:messages|models)(?:\/|$)/,
    route({ method, path, headers }) {
      if (path === '/v1/messages' || path === '/v1/messages/count_tokens') {
        if (method !== 'POST') throw new ProxyError('method_not_allowed');
        const part = path === '/v1/messages' ? 'messages' : 'countTokens';
        return { kind: 'model', load: (): Codec | Promise<Codec> => codec?.[part] ?? load().then((own) => own[part]) };
      }
      if (path.startsWith('/v1/messages/')) {
        const message = 'Nothing answers at this path. POST to /v1/messages or /v1/messages/count_tokens.';
        throw new ProxyError('not_found', { message });
      }
      const list = /^\/v1\/models(?:\/(.+))?$/.exec(path);
      if (!list || !headers['anthropic-version']) return undefined;
      if (method !== 'GET') throw new ProxyError('method_not_allowed', { message: onlyGet });
      return { kind: 'list', answer: async (...asked) => (await load()).list(list[1], ...asked) };
    },
    async refuse(error, requestId) {
      const refusal = (await import('./anthropic-error.js')).anthropicRefusal(error, requestId);
      return error.message === onlyGet
        ? { ...refusal, headers: { ...refusal.headers, allow: 'GET, OPTIONS' } }
        : refusal;
    },
    rateForm: {
      name: (of, part) => `anthropic-ratelimit-${of}-${part}`,
      reset: (ms) => new Date(Math.ceil((Date.now() + ms) / 1_000) * 1_000).toISOString().replace('.000', ''),
    },
  };

  async function load(): Promise<AnthropicCodec> {
    const { anthropicCodec } = await import('./anthropic-codec.js');
    codec ??= anthropicCodec(options);
    return codec;
  }
}
