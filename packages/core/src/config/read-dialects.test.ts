import { expect, it } from 'vitest';
import { ConfigurationError } from './environment.js';
import { readDialects } from './read-dialects.js';

const codecOf = async (environment: Record<string, string>) => {
  const head = { method: 'POST', path: '/v1/messages', query: '', headers: {} };
  const dialect = readDialects(environment).find(({ name }) => name === 'anthropic');
  const route = dialect?.route(head);
  if (route?.kind !== 'model') throw new Error('no route');
  const codec = await route.load();
  return (body: object) => codec.parse(Buffer.from(JSON.stringify(body)), { ...head, requestId: 'r-1', issues: [] });
};

async function idOf(environment: Record<string, string>): Promise<string | undefined> {
  return (await codecOf(environment))({ model: 'claude-sonnet-5' }).idOf?.('claude-sonnet-5');
}

async function sent(environment: Record<string, string>, body: object): Promise<unknown> {
  const call = (await codecOf(environment))({ model: 'anthropic.x', ...body });
  const bodies = call.bodies({ id: 'anthropic.x' });
  if ('status' in bodies) throw new Error('no call');
  const { anthropic_version: _, ...rest } = JSON.parse(Buffer.from(bodies[0] ?? []).toString());
  return rest;
}

it.each([
  [{ AWS_REGION: 'us-west-2' }, 'us.anthropic.claude-sonnet-5'],
  [{ AWS_REGION: 'us-west-2', BEDROCK_REGION: 'eu-west-1' }, 'eu.anthropic.claude-sonnet-5'],
  [{ AWS_REGION: 'us-west-2', BEDROCK_INFERENCE_PREFIX: 'global' }, 'global.anthropic.claude-sonnet-5'],
  [{ BEDROCK_INFERENCE_PREFIX: 'none' }, 'anthropic.claude-sonnet-5'],
])('derives the prefix of %j', async (environment, id) => {
  expect(await idOf(environment as Record<string, string>)).toBe(id);
});

it('refuses a prefix that is none', () => {
  const read = () => readDialects({ BEDROCK_INFERENCE_PREFIX: 'mars' });
  expect(read).toThrow(ConfigurationError);
  expect(read).toThrow(/^BEDROCK_INFERENCE_PREFIX must be one of us, eu,(?!.*mars)/);
});

it('reads the lists of the dialect', async () => {
  const body = { speed: 1, service_tier: 2, anthropic_beta: ['a-1', 'b-1', 'old'] };
  const environment = {
    ANTHROPIC_BETAS: 'a-*, b-*,old=new',
    ANTHROPIC_BETAS_DENY: 'b-1',
    ANTHROPIC_DROP_FIELDS: 'speed',
  };
  expect(await sent(environment, body)).toEqual({ anthropic_beta: ['a-1', 'new'], service_tier: 2 });
});

it.each([
  [{}, {}],
  [{ ANTHROPIC_DROP_FIELDS: '' }, { speed: 1, service_tier: 2 }],
])('tells lists that are not set from empty ones: %j', async (environment, left) => {
  expect(await sent(environment as Record<string, string>, { speed: 1, service_tier: 2 })).toEqual(left);
});
