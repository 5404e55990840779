import { describe, expect, it } from 'vitest';
import { ProxyError } from '../../errors/proxy-error.js';
import type { ModelCatalog, PermitsModel } from '../dialect.js';
import { openaiDialect } from './openai-dialect.js';

const dialect = openaiDialect();
const route = (method: string, path: string, headers = {}) => dialect.route({ method, path, query: '', headers });

function failureOf(action: () => unknown): ProxyError {
  try {
    action();
  } catch (error) {
    if (error instanceof ProxyError) return error;
  }
  throw new Error('It did not fail.');
}

describe('the routes of OpenAI’s API', () => {
  it.each([
    ...['/v1/chat/completions', '/chat/completions', '/v1/responses', '/responses'],
    ...['/v1/embeddings', '/embeddings'],
  ])('have a call of a model at POST %s, and nothing else', (path) => {
    expect(route('POST', path)).toMatchObject({ kind: 'model' });
    expect(failureOf(() => route('GET', path)).code).toBe('method_not_allowed');
  });

  it('load each codec once', async () => {
    const found = route('POST', '/v1/chat/completions');
    if (found?.kind !== 'model') throw new Error('It is a call of a model.');
    const codec = await found.load();
    expect(found.load()).toBe(codec);
  });

  it.each(['/v1', '/v1/', '/v1/completions', '/v1/chat', '/v1/modelsx', '/v1/messagesx'])(
    'have nothing at %s',
    (path) => {
      expect(failureOf(() => route('POST', path)).code).toBe('not_found');
    },
  );

  it.each([
    '/',
    '/chat',
    '/v1x/chat/completions',
    '/responses/resp_1',
    '/models',
    '/v1/messages',
    '/v1/messages/count_tokens',
    '/model/a/invoke',
  ])('leave %s to another API', (path) => {
    expect(route('POST', path)).toBeUndefined();
  });

  it.each(['/v1/responses/resp_1', '/v1/responses/resp_1/cancel', '/v1/responses/input_tokens'])(
    'say at %s that no response is stored',
    (path) => {
      const { code, message } = failureOf(() => route('GET', path));
      expect({ code, message }).toEqual({ code: 'not_found', message: expect.stringContaining('store:false') });
    },
  );

  it('leave the list of models to Anthropic’s API if the client speaks it', () => {
    expect(route('GET', '/v1/models', { 'anthropic-version': ['2023-06-01'] })).toBeUndefined();
    expect(route('GET', '/v1/models')).toMatchObject({ kind: 'list' });
  });

  it.each([
    ['POST', '/v1/models', 'GET, OPTIONS'],
    ['GET', '/v1/embeddings', 'POST, OPTIONS'],
  ])('say which methods there are: %s %s', async (method, path, allow) => {
    const { status, headers } = await dialect.refuse(
      failureOf(() => route(method, path)),
      'r-1',
    );
    expect([status, headers['allow']]).toEqual([405, allow]);
  });
});

const profile = 'arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.amazon.nova-lite-v1:0';

async function list(path: string, catalog: Partial<ModelCatalog>, permits: PermitsModel = () => true) {
  const found = route('GET', path);
  if (found?.kind !== 'list') throw new Error('It is a list.');
  const answer = await found.answer({ aliases: {}, modelIds: [], ...catalog }, permits, 'r-1');
  return { status: answer.status, value: JSON.parse(String(answer.body)) };
}

describe('the list of models', () => {
  it('has aliases and ids, with their makers', async () => {
    const catalog = {
      aliases: { fast: ['us.anthropic.claude-haiku-4-5'] },
      modelIds: ['amazon.nova-lite-v1:0', profile],
    };
    expect(await list('/v1/models', catalog)).toEqual({
      status: 200,
      value: {
        object: 'list',
        data: [
          { id: 'fast', object: 'model', created: 0, owned_by: 'anthropic' },
          { id: 'amazon.nova-lite-v1:0', object: 'model', created: 0, owned_by: 'amazon' },
          { id: profile, object: 'model', created: 0, owned_by: 'amazon' },
        ],
      },
    });
  });

  it('shows only what the caller may use: an alias if one of its models is permitted under it', async () => {
    const catalog = { aliases: { both: ['a.one', 'a.two'], none: ['a.one'] }, modelIds: ['a.one', 'a.two'] };
    const permits: PermitsModel = (id, alias) => id === 'a.two' && (alias === undefined || alias === 'both');
    const { value } = await list('/v1/models', catalog, permits);
    expect(value.data.map(({ id }: { id: string }) => id)).toEqual(['both', 'a.two']);
    await expect(list('/v1/models/none', catalog, permits)).rejects.toThrow(ProxyError);
  });

  it.each([profile, encodeURIComponent(profile), profile.replace('/', '%2F')])(
    'finds one model: %s',
    async (segment) => {
      expect((await list(`/v1/models/${segment}`, { modelIds: [profile] })).value.id).toBe(profile);
    },
  );

  it.each(['amazon.nova-lite-v1:1', '%E0%A4%A', '%2525'])('has no other one: %s', async (segment) => {
    const listed = { modelIds: ['amazon.nova-lite-v1:0'] };
    await expect(list(`/v1/models/${segment}`, listed)).rejects.toMatchObject({ code: 'model_not_found' });
  });
});
