import { describe, expect, it } from 'vitest';
import type { ModelCatalog, PermitsModel } from '../dialect.js';
import { anthropicDialect } from './anthropic-dialect.js';

const dialect = anthropicDialect({ region: 'us-east-1' });
const headOf = (method: string, path: string, headers = {}) => ({ method, path, query: '', headers });
const versioned = { 'anthropic-version': ['2023-06-01'] };

describe('the routes', () => {
  it.each(['/v1/messages', '/v1/messages/count_tokens'])('have POST %s, for the same codec each time', async (path) => {
    const load = async () => {
      const route = dialect.route(headOf('POST', path));
      return route?.kind === 'model' ? route.load() : undefined;
    };
    const codec = await load();
    expect(codec).toBeDefined();
    expect(await load()).toBe(codec);
    expect(() => dialect.route(headOf('GET', path))).toThrow(expect.objectContaining({ code: 'method_not_allowed' }));
  });

  it.each(['/v1/messages/', '/v1/messages/batches', '/v1/messages/count_tokens/x'])('have no %s', (path) => {
    expect(() => dialect.route(headOf('POST', path))).toThrow(expect.objectContaining({ code: 'not_found' }));
  });

  it.each(['/v1/models', '/v1/models/x', '/v1/models/a/b%2Fc'])('have GET %s for clients of Anthropic', (path) => {
    expect(dialect.route(headOf('GET', path, versioned))?.kind).toBe('list');
    expect(dialect.route(headOf('GET', path))).toBeUndefined();
    expect(dialect.route(headOf('POST', path))).toBeUndefined();
  });

  it('tell the method of a list', async () => {
    let failure: unknown;
    try {
      dialect.route(headOf('POST', '/v1/models', versioned));
    } catch (error) {
      failure = error;
    }
    const { status, headers } = await dialect.refuse(failure as Parameters<typeof dialect.refuse>[0], 'r-1');
    expect(status).toBe(405);
    expect(headers['allow']).toBe('GET, OPTIONS');
  });

  it.each([
    '/',
    '/v1',
    '/v1/message',
    '/v1/messagesx',
    '/v1/modelsx',
    '/v1/models/',
    '/v1/chat/completions',
    '/model/a/invoke',
  ])('leave %s to others', (path) => {
    expect(dialect.route(headOf('POST', path, versioned))).toBeUndefined();
  });
});

describe('the list of models', () => {
  const none: ModelCatalog = { aliases: {}, modelIds: [] };
  const all: PermitsModel = () => true;

  async function list(path: string, catalog = none, permits = all, own = dialect): Promise<unknown> {
    const route = own.route(headOf('GET', path, versioned));
    if (route?.kind !== 'list') throw new Error('no list');
    const { status, headers, body } = await route.answer(catalog, permits, 'r-1');
    expect({ status, headers }).toMatchObject({ status: 200, headers: { 'request-id': 'r-1' } });
    return JSON.parse(String(body));
  }
  const idsOf = (answer: unknown) => (answer as { data: { id: string }[] }).data.map(({ id }) => id);
  const aliases = { ours: ['us.anthropic.claude-sonnet-5'], theirs: ['amazon.nova-pro-v1:0'], arn: ['arn:x'] };

  it("has the dialect's own names, of the models that the caller may use", async () => {
    const ids = idsOf(await list('/v1/models', none, (id) => id.includes('opus-5')));
    expect(ids).toEqual(['claude-opus-5-5', 'claude-opus-5']);
  });

  it("has the operator's aliases in their place, of Claude or of an ARN", async () => {
    expect(idsOf(await list('/v1/models', { aliases, modelIds: [] }))).toEqual(['ours', 'arn']);
    const permits: PermitsModel = (id, alias) => alias === 'arn' && id === 'arn:x';
    expect(idsOf(await list('/v1/models', { aliases, modelIds: [] }, permits))).toEqual(['arn']);
    const foreign = { aliases: { theirs: ['amazon.nova-pro-v1:0'] }, modelIds: [] };
    expect(idsOf(await list('/v1/models', foreign))).toContain('claude-sonnet-5');
  });

  it('may be empty', async () => {
    const empty = { data: [], has_more: false, first_id: null, last_id: null };
    expect(await list('/v1/models', none, () => false)).toEqual(empty);
    expect(await list('/v1/models', none, all, anthropicDialect({ region: 'ap-northeast-1' }))).toEqual(empty);
  });

  it('has one entry by its name', async () => {
    const entry = { type: 'model', id: 'ours', display_name: 'ours', created_at: '1970-01-01T00:00:00Z' };
    expect(await list('/v1/models/ours', { aliases, modelIds: [] })).toEqual(entry);
    expect(await list('/v1/models/o%75rs', { aliases, modelIds: [] })).toEqual(entry);
    expect(await list('/v1/models', { aliases, modelIds: [] })).toMatchObject({ first_id: 'ours', last_id: 'arn' });
  });

  it.each(['theirs', 'claude-sonnet-5', '%', 'constructor'])('has no entry of another name: %s', async (name) => {
    await expect(list(`/v1/models/${name}`, { aliases, modelIds: [] })).rejects.toMatchObject({
      code: 'model_not_found',
    });
  });
});
