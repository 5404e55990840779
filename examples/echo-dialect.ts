/** A dialect of its own: `POST /v0/echo` with `{"text":"…"}`. It streams lines of JSON strings, then `ok` or `error: <code>`. */
import { allowAnonymous, createProxy, type ModelProxy, ProxyError } from '@bedrock-proxy/core';
import { createBedrockInvoker } from '@bedrock-proxy/core/bedrock';
import { type Codec, type Dialect, plainRefusal, standardDialects } from '@bedrock-proxy/core/dialects';

const modelId = 'global.anthropic.claude-haiku-5-5';
const headers = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' };
const lastLine = ({ code }: ProxyError) => `error: ${code}\n`;

const codec: Codec = {
  parse(body, { issues }) {
    const text = readText(body);
    if (text === undefined || issues.length > 0) throw new ProxyError('invalid_request', { issues });
    const messages = [{ role: 'user', content: text }];
    const payload = { anthropic_version: 'bedrock-2023-05-31', max_tokens: 500, messages };
    return {
      ...{ operation: 'invoke-model', modelId, stream: true },
      bodies: () => [Buffer.from(JSON.stringify(payload))],
      whole: () => ({ headers, body: '' }), // never called: every answer is a stream
      encoder: () => ({
        ...{ headers, waitsForFirst: false, onBufferedFailure: { append: 200 } },
        open: () => '',
        batch: ({ events }) =>
          events.map((event) => (event.type === 'text-delta' ? `${JSON.stringify(event.text)}\n` : '')).join(''),
        ping: () => '\n',
        end: () => 'ok\n',
        fail: lastLine,
      }),
    };
  },
};

function readText(body: Uint8Array): string | undefined {
  try {
    const { text }: { readonly text?: unknown } = JSON.parse(new TextDecoder().decode(body));
    return typeof text === 'string' ? text : undefined;
  } catch {
    throw new ProxyError('invalid_json');
  }
}

export function echoDialect(): Dialect {
  return {
    name: 'echo',
    route({ method, path }) {
      if (path !== '/v0/echo') return undefined;
      if (method !== 'POST') throw new ProxyError('method_not_allowed');
      return { kind: 'model', load: () => codec };
    },
    refuse(error) {
      const plain = plainRefusal(error, lastLine(error));
      return { ...plain, headers: { ...plain.headers, ...headers } };
    },
  };
}

const dialects = [echoDialect(), ...standardDialects()];
export const proxy: ModelProxy = createProxy({ invoker: createBedrockInvoker(), access: allowAnonymous(), dialects });
