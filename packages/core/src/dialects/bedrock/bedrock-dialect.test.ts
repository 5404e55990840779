import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProxyError } from '../../errors/proxy-error.js';
import { isModelId } from '../../models/model-id.js';
import { admittedHead } from '../admitted-head.test-helper.js';
import type { AdmittedHead } from '../dialect.js';
import { bedrockDialect } from './bedrock-dialect.js';

const headOf = (path: string, method = 'POST', headers = {}) => ({ method, path, query: '', headers });
const codeOf = (path: string, method?: string, headers?: object): string | undefined => {
  try {
    return bedrockDialect().route(headOf(path, method, headers))?.kind;
  } catch (error) {
    return (error as ProxyError).code;
  }
};

async function parse(path: string, body = '{}', members: Partial<AdmittedHead> = {}) {
  const route = bedrockDialect().route(headOf(path));
  if (route?.kind !== 'model') throw new Error(`${path} is no path of a model`);
  return (await route.load()).parse(Buffer.from(body), admittedHead({ path, ...members }));
}

describe('the paths of Bedrock', () => {
  it.each([
    ['invoke', 'invoke-model', false],
    ['invoke-with-response-stream', 'invoke-model', true],
    ['converse', 'converse', false],
    ['converse-stream', 'converse', true],
    ['count-tokens', 'count-tokens', false],
  ])('have the operation %s', async (name, operation, stream) => {
    expect(await parse(`/model/a.b/${name}`)).toMatchObject({ operation, stream, modelId: 'a.b', anyShape: true });
  });

  it.each([
    ...[
      '/model',
      '/model/',
      '/model/a.b',
      '/model/invoke',
      '/model//invoke',
      '/model/a.b/invoke/',
      '/model/a.b/Invoke',
    ],
    ...['/model/a.b/invoke-with-bidirectional-stream', '/model/a.b/constructor', '/model/a.b/invoke-async'],
    ...['/guardrail/a/version/1/apply', '/guardrail-checks/invoke', '/async-invoke', '/async-invoke/a'],
    ...['/inference-profiles', '/inference-profiles/a'],
  ])('have none at %s, which is theirs', (path) => {
    expect(codeOf(path)).toBe('not_found');
    expect(codeOf(path, 'GET')).toBe('not_found');
  });

  it.each([
    '/',
    '',
    '/models',
    '/v1/messages',
    '/Model/a/invoke',
    '/x/model/a/invoke',
    '/guardrails/a',
    '/async-invoked',
  ])('are not %j', (path) => {
    expect(bedrockDialect().paths?.test(path)).toBe(false);
  });

  it.each(['GET', 'PUT', 'HEAD'])('take no %s', (method) => {
    expect(codeOf('/model/a.b/invoke', method)).toBe('method_not_allowed');
  });

  it('take no signature without a key, and say how to send a token', () => {
    const signed = { authorization: ['AWS4-HMAC-SHA256 Credential=A/20261126/us-east-1/bedrock/aws4_request'] };
    expect(() => bedrockDialect().route(headOf('/model/a.b/invoke', 'POST', signed))).toThrow(
      'This endpoint takes a bearer token, not an AWS signature. ' +
        'Set AWS_BEARER_TOKEN_BEDROCK to the token of this proxy.',
    );
    expect(codeOf('/model/a.b/invoke', 'POST', { ...signed, 'x-api-key': ['k'] })).toBe('model');
    expect(codeOf('/model/a.b/invoke', 'POST', { authorization: ['Bearer AWS4-x'] })).toBe('model');
  });
});

describe('the id in a path', () => {
  const arn = 'arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-opus-5-5';
  const idOf = async (segment: string) => {
    const { modelId, idOf: resolve } = await parse(`/model/${segment}/converse`);
    return resolve?.(modelId);
  };

  it.each([
    ['anthropic.claude-sonnet-4-5-20250929-v1:0', 'anthropic.claude-sonnet-4-5-20250929-v1:0'],
    ['anthropic.claude-sonnet-4-5-20250929-v1%3A0', 'anthropic.claude-sonnet-4-5-20250929-v1:0'],
    [encodeURIComponent(arn), arn],
    [arn.replace('/', '%2F'), arn],
    [arn, arn],
    ['a.b/invoke', 'a.b/invoke'],
  ])('%s is read in the form of every client and endpoint', async (segment, id) => {
    expect(await idOf(segment)).toBe(id);
  });

  it.each(['a%252Fb', 'a%2525', '%', 'a%zz', '%ff', 'a.b%'])('%s is no id: it is decoded once', async (segment) => {
    await expect(idOf(segment)).rejects.toMatchObject({ code: 'invalid_model' });
  });

  it('comes back from any encoding of any id', async () => {
    const unit = fc.constantFrom(...'aZ0.:-_/@ äé日?#&=+;,"\\', '😀');
    const id = fc.string({ minLength: 1, unit }).filter((text) => isModelId(text));
    await fc.assert(
      fc.asyncProperty(id, async (text) => {
        expect(await idOf(encodeURIComponent(text))).toBe(text);
        expect(await idOf(text)).toBe(text);
      }),
    );
  });
});

describe('a request', () => {
  it('goes up byte for byte', async () => {
    const body = ' {"a": 1.0e2, "a":2 }\n';
    const { bodies } = await parse('/model/a.b/invoke', body);
    const sent = bodies({ id: 'a.b' });
    expect(Array.isArray(sent) && Buffer.from(sent[0]).toString()).toBe(body);
  });

  it('reports the settings in its headers and in its body together', async () => {
    const issues = [{ path: 'x-amzn-bedrock-trace', message: 'no' }];
    const judge = () => [{ path: 'serviceTier', message: 'no' }];
    const refusal = await parse('/model/a.b/converse', '{}', { issues, judge }).catch((error: unknown) => error);
    expect(refusal).toMatchObject({
      code: 'invalid_request',
      issues: [{ path: 'x-amzn-bedrock-trace' }, { path: 'serviceTier' }],
    });
  });

  it('may say what it accepts, as the SDKs do', async () => {
    const route = bedrockDialect().route(headOf('/model/a.b/invoke'));
    expect(route?.kind === 'model' && (await route.load())).toMatchObject({
      ignoredHeaders: ['x-amzn-bedrock-accept'],
    });
  });

  it('brings the settings that its caller may make', async () => {
    const options = { serviceTier: 'flex' } as const;
    expect(await parse('/model/a.b/invoke', '{}', { options })).toMatchObject({ options });
    expect(await parse('/model/a.b/invoke')).not.toHaveProperty('options');
  });
});

it("answers with Bedrock's own body, content type and headers", async () => {
  const { whole } = await parse('/model/a.b/invoke');
  const headers = { 'x-amzn-requestid': 'r', 'x-amzn-bedrock-input-token-count': '3' };
  const answer = { body: Uint8Array.of(1), contentType: 'image/png', meta: { attempts: 1, headers } };
  expect(whole([answer], 'a.b')).toEqual({ headers: { 'content-type': 'image/png', ...headers }, body: answer.body });
  const bare = { ...answer, meta: { attempts: 1, upstreamRequestId: 'u' } };
  expect(whole([bare], 'a.b').headers).toEqual({ 'content-type': 'image/png', 'x-amzn-requestid': 'u' });
});

it('loads its codec once', async () => {
  const dialect = bedrockDialect();
  const load = () => {
    const route = dialect.route(headOf('/model/a.b/invoke'));
    return route?.kind === 'model' ? route.load() : undefined;
  };
  const codec = await load();
  expect(load()).toBe(codec);
});

it('has a name', async () => {
  expect(bedrockDialect().name).toBe('bedrock');
  expect(await bedrockDialect().refuse(new ProxyError('internal'), 'r')).toMatchObject({ status: 500 });
});
