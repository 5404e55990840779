import { type BedrockEmulator, exceptionReply, startBedrockEmulator } from '@bedrock-proxy/testing/emulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { functionUrl, httpApi, restApi, restApiStream } from '../conformance/lambda-fronts.ts';

const token = 'a-token-for-every-front';
const claude = 'anthropic.claude-sonnet-4-6';
const messages = [{ role: 'user', content: 'Hello' }];

let emulator: BedrockEmulator;
beforeAll(async () => {
  emulator = await startBedrockEmulator({ paceMs: 0 });
});
afterAll(() => emulator.close());

const fronts = [functionUrl(), restApiStream(), restApi(), httpApi()];

describe.each(fronts)("OpenAI's API at $front", ({ start, streamsAs }) => {
  let served: Awaited<ReturnType<typeof start>>;
  beforeAll(async () => {
    served = await start({
      AUTH_TOKEN: token,
      AWS_ENDPOINT_URL_BEDROCK_RUNTIME: emulator.url,
      ALLOWED_MODELS: `${claude}, amazon.*, emulator.*`,
      LISTED_MODELS: 'amazon.nova-lite-v1:0, meta.llama3-8b-instruct-v1:0',
      BEDROCK_MAX_ATTEMPTS: '1',
    });
  });
  afterAll(() => served.stop());

  async function send(path: string, body?: object, headers: Readonly<Record<string, string>> = {}) {
    const response = await fetch(served.url + path, {
      method: body ? 'POST' : 'GET',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      ...(body && { body: JSON.stringify(body) }),
    });
    return { status: response.status, headers: response.headers, text: await response.text() };
  }

  it.each(['/v1/chat/completions', '/chat/completions'])(
    'streams the same events, in one piece or in many: %s',
    async (path) => {
      const { status, headers, text } = await send(path, { model: claude, stream: true, messages });
      expect(status).toBe(200);
      expect(headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
      expect(text).toMatch(/^data: \{"id":"chatcmpl-[\w-]+",.*"delta":\{"role":"assistant","content":""\}/);
      expect(text).toMatch(/"finish_reason":"stop"\}\]\}\n\ndata: \[DONE\]\n\n$/);
      expect(text).not.toMatch(/[\r\u2028\u2029]/);
    },
  );

  it('names what it left out, for pages of other origins too', async () => {
    const { headers } = await send('/v1/chat/completions', { model: claude, seed: 1, messages });
    expect(headers.get('x-proxy-dropped')).toBe('body=seed');
    expect(headers.get('access-control-expose-headers')).toContain('x-proxy-dropped');
  });

  it('ends a stream that breaks off with an error, or refuses it with its status', async () => {
    const body = { model: 'emulator.throttling-exception.middle', stream: true, messages };
    const { status, headers, text } = await send('/v1/chat/completions', body);
    const error = { type: 'rate_limit_error', code: 'rate_limit_exceeded', param: null };
    if (streamsAs === 'events') {
      expect(status).toBe(200);
      const last = text.split('\n\n').at(-2) ?? '';
      expect(JSON.parse(last.replace('data: ', ''))).toMatchObject({ error });
      expect(text).not.toMatch(/\[DONE\]|"finish_reason":"/);
    } else {
      expect(status).toBe(429);
      expect(headers.get('retry-after')).toBe('1');
      expect(JSON.parse(text)).toMatchObject({ error });
    }
  });

  it('embeds, without /v1 too', async () => {
    const body = { model: 'amazon.titan-embed-text-v2:0', input: ['a', 'b'], dimensions: 256 };
    const { text } = await send('/embeddings', body);
    expect(JSON.parse(text)).toMatchObject({ data: [{ embedding: { length: 256 } }, { embedding: { length: 256 } }] });
  });

  it('answers a list of texts with its first failure', async () => {
    emulator.respondWith(({ body }) =>
      Buffer.from(body).includes('fails') ? exceptionReply('ThrottlingException', 'Too many requests.') : undefined,
    );
    try {
      const input = ['a', 'b', 'fails', 'c'];
      const { status, headers, text } = await send('/v1/embeddings', { model: 'amazon.titan-embed-text-v2:0', input });
      expect({ status, code: JSON.parse(text).error.code }).toEqual({ status: 429, code: 'rate_limit_exceeded' });
      expect(headers.get('x-should-retry')).toBeNull();
    } finally {
      emulator.respondWith(undefined);
    }
  });

  it('lists what the caller may use', async () => {
    const { text } = await send('/v1/models');
    const ids = JSON.parse(text).data.map(({ id }: { id: string }) => id);
    expect(ids).toEqual(['amazon.nova-lite-v1:0', claude]);
    expect((await send('/v1/models/amazon.nova-lite-v1%3A0')).status).toBe(200);
    expect((await send('/v1/models/meta.llama3-8b-instruct-v1:0')).status).toBe(404);
  });

  it.each([
    ['a wrong token', '/v1/models', undefined, { authorization: 'Bearer wrong-token' }, 401, 'invalid_api_key'],
    ['no token', '/v1/chat/completions', {}, { authorization: '' }, 401, 'invalid_api_key'],
    ['another path', '/v1/completions', {}, {}, 404, 'not_found'],
    ['a stored response', '/v1/responses/resp_1', undefined, {}, 404, 'not_found'],
    ['another method', '/v1/chat/completions', undefined, {}, 405, 'method_not_allowed'],
    [
      'a model that is not allowed',
      '/v1/chat/completions',
      { model: 'meta.a', messages },
      {},
      403,
      'model_not_allowed',
    ],
    ['a body without messages', '/v1/chat/completions', { model: claude }, {}, 400, 'invalid_request'],
  ] as const)('refuses %s in its own words', async (_, path, body, headers, status, code) => {
    const answer = await send(path, body, headers);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('x-should-retry')).toBe('false');
    expect(JSON.parse(answer.text).error).toMatchObject({ code, type: 'invalid_request_error' });
  });
});
