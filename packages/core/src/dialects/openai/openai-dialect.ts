import { ProxyError } from '../../errors/proxy-error.js';
import type { Codec, Dialect, Route } from '../dialect.js';

/** The codecs, each loaded at its first use. */
const codecs: Readonly<Record<string, () => Promise<Codec>>> = {
  '/chat/completions': async () => (await import('./chat-codec.js')).chatCodec,
  '/responses': async () => (await import('./responses/responses-codec.js')).responsesCodec,
  '/embeddings': async () => (await import('./embeddings-codec.js')).embeddingsCodec,
};

const onlyGet = 'Only GET is answered here.';

/**
 * OpenAI's API: chat completions, responses and embeddings, with or without `/v1` before the path, and the list of models. The first two
 * reach every model by Bedrock's Converse API.
 */
export function openaiDialect(): Dialect {
  const loaded = new Map<string, Codec>();

  async function load(name: string, codec: () => Promise<Codec>): Promise<Codec> {
    const fresh = await codec();
    loaded.set(name, fresh);
    return fresh;
  }

  return {
    name: 'openai',
    paths: /^\/(?:v1(?:\/|$)|chat\/completions$|embeddings$|responses$)/,
    route({ method, path, headers }): Route | undefined {
      const [, version, name = ''] = /^(\/v1)?(?![^/])(.*)$/s.exec(path) ?? [];
      const codec = Object.hasOwn(codecs, name) ? codecs[name] : undefined;
      if (codec) {
        if (method !== 'POST') throw new ProxyError('method_not_allowed');
        return { kind: 'model', load: () => loaded.get(name) ?? load(name, codec) };
      }
      if (version === undefined || /^\/messages(?:\/|$)/.test(name)) return undefined;
      const models = /^\/models(?:\/(.+))?$/s.exec(name);
      if (!models) throw new ProxyError('not_found', { message: name.startsWith('/responses/') ? stateless : served });
      if ('anthropic-version' in headers) return undefined;
      if (method !== 'GET') throw new ProxyError('method_not_allowed', { message: onlyGet });
      return {
        kind: 'list',
        answer: async (catalog, permits) =>
          (await import('./answer-models.js')).answerModels(catalog, permits, models[1]),
      };
    },
    async refuse(error) {
      const refusal = (await import('./openai-error.js')).openAiRefusal(error);
      return error.message === onlyGet
        ? { ...refusal, headers: { ...refusal.headers, allow: 'GET, OPTIONS' } }
        : refusal;
    },
  };
}

const served =
  'Nothing answers at this path. This proxy has /v1/chat/completions, /v1/responses, /v1/embeddings, /v1/models and /v1/models/{id} of this API.';
const stateless = 'This proxy stores no responses: send store:false, and the whole conversation to POST /v1/responses.';
