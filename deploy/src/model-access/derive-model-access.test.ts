import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { modelVendor } from '../../../packages/core/src/models/model-id.ts';
import { deriveModelAccess } from './derive-model-access.ts';
import { geographies, modelMakers } from './geographies.ts';
import type { ModelGrant } from './model-grant.ts';

const place = { partition: 'aws', region: 'eu-west-1', account: '111122223333' };
const ours = 'arn:aws:bedrock:eu-west-1:111122223333';
const model = (id: string, region = 'eu-west-1', partition = 'aws') =>
  `arn:${partition}:bedrock:${region}::foundation-model/${id}`;
const invokes = (grants: ModelGrant[], where = place) =>
  deriveModelAccess(grants, where).filter(({ actions }) => !actions.includes('bedrock:CountTokens'));
const allResources = (...grants: ModelGrant[]) => invokes(grants).flatMap(({ resources }) => resources);
const everywhere = (id: string, partition = 'aws') => model(id, '*', partition);

describe('deriveModelAccess', () => {
  it.each([
    'anthropic.claude-haiku-4-5-20251001-v1:0',
    'anthropic.claude-v2',
    'anthropic.claude-v2:1',
    'anthropic.claude-opus-4-7',
    'amazon.titan-text-express-v1',
    'amazon.titan-tg1-large',
    'amazon.nova-pro-v1:0:300k',
    'amazon.nova-2-lite-v1:0',
    'meta.llama3-1-70b-instruct-v1:0',
    'mistral.mistral-7b-instruct-v0:2',
    'mistral.mixtral-8x7b-instruct-v0:1',
    'cohere.command-r-v1:0',
    'cohere.embed-english-v3:0:512',
    'ai21.jamba-1-5-large-v1:0',
    'deepseek.v3.2',
    'openai.gpt-oss-120b-1:0',
    'qwen.qwen3-next-80b-a3b',
    'minimax.minimax-m2.1',
    'google.gemma-3-27b-it',
    'zai.glm-4.7',
    'moonshotai.kimi-k2.5',
    'writer.palmyra-x5-v1:0',
    'newcomer.first-model-v1:0',
  ])('grants the model %s in the Region of the function', (id) => {
    expect(allResources(id)).toEqual([model(id)]);
  });

  it.each([
    ['eu.anthropic.claude-sonnet-4-5-20250929-v1:0', 'anthropic.claude-sonnet-4-5-20250929-v1:0'],
    ['eu.amazon.nova-lite-v1:0', 'amazon.nova-lite-v1:0'],
    ['eu.anthropic.claude-opus-4-7', 'anthropic.claude-opus-4-7'],
  ])('grants the profile %s and its model in the Regions of the profile', (id, behind) => {
    expect(allResources(id)).toEqual([`${ours}:inference-profile/${id}`, everywhere(behind)]);
  });

  it.each([
    ['us.deepseek.r1-v1:0', 'us-east-1', 'aws'],
    ['apac.amazon.nova-micro-v1:0', 'ap-southeast-1', 'aws'],
    ['jp.anthropic.claude-haiku-4-5-20251001-v1:0', 'ap-northeast-1', 'aws'],
    ['au.anthropic.claude-sonnet-4-6', 'ap-southeast-2', 'aws'],
    ['ca.amazon.nova-lite-v1:0', 'ca-central-1', 'aws'],
    ['us-gov.anthropic.claude-sonnet-4-5-20250929-v1:0', 'us-gov-west-1', 'aws-us-gov'],
    ['mx.anthropic.claude-sonnet-5', 'mx-central-1', 'aws'],
  ])('grants the profile %s in %s and its model in the Regions of the profile', (id, region, partition) => {
    const resources = invokes([id], { ...place, region, partition }).flatMap(({ resources: all }) => all);
    expect(resources).toEqual([
      `arn:${partition}:bedrock:${region}:111122223333:inference-profile/${id}`,
      everywhere(id.slice(id.indexOf('.') + 1), partition),
    ]);
  });

  it.each([
    [`arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-v2`, model('anthropic.claude-v2', 'us-east-1')],
    [`${ours}:provisioned-model/abcdefghijkl`, `${ours}:provisioned-model/abcdefghijkl`],
    [`${ours}:imported-model/abcdefghijkl`, `${ours}:imported-model/abcdefghijkl`],
    [`${ours}:custom-model-deployment/abcdefghijkl`, `${ours}:custom-model-deployment/abcdefghijkl`],
  ])('grants exactly the ARN for %s', (arn, resource) => {
    expect(allResources(arn)).toEqual([resource]);
  });

  it('grants a profile ARN in its own Region and account', () => {
    const arn = 'arn:aws:bedrock:us-east-1:444455556666:inference-profile/us.amazon.nova-pro-v1:0';
    expect(allResources(arn)).toEqual([arn, everywhere('amazon.nova-pro-v1:0')]);
  });

  it('grants the model of a profile in its destinationRegions and in the calling Region', () => {
    expect(allResources({ modelId: 'eu.amazon.nova-lite-v1:0', destinationRegions: ['eu-central-1'] })).toEqual([
      `${ours}:inference-profile/eu.amazon.nova-lite-v1:0`,
      model('amazon.nova-lite-v1:0'),
      model('amazon.nova-lite-v1:0', 'eu-central-1'),
    ]);
  });

  it('grants the model of a profile of an unknown geography in its destinationRegions', () => {
    expect(allResources({ modelId: 'mx.amazon.nova-lite-v1:0', destinationRegions: ['mx-central-1'] })).toContain(
      model('amazon.nova-lite-v1:0', 'mx-central-1'),
    );
  });

  it('grants a prompt router and its models', () => {
    const router = `${ours}:default-prompt-router/anthropic.claude:1`;
    expect(allResources({ modelId: router, madeFrom: ['anthropic.claude-v2', 'amazon.nova-lite-v1:0'] })).toEqual([
      router,
      model('anthropic.claude-v2'),
      model('amazon.nova-lite-v1:0'),
    ]);
  });
});

describe('a condition of deriveModelAccess', () => {
  it('allows the models of a geographic profile only through the profile', () => {
    const profile = `${ours}:inference-profile/eu.amazon.nova-lite-v1:0`;
    expect(deriveModelAccess(['eu.amazon.nova-lite-v1:0'], place)).toEqual([
      { actions: ['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream'], resources: [profile] },
      {
        actions: ['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream'],
        resources: [everywhere('amazon.nova-lite-v1:0')],
        conditions: { StringEquals: { 'bedrock:InferenceProfileArn': profile } },
      },
    ]);
  });

  it('allows the model of a global profile in the calling Region and in the unspecified Region', () => {
    const id = 'anthropic.claude-haiku-4-5-20251001-v1:0';
    const profile = `${ours}:inference-profile/global.${id}`;
    const through = { 'bedrock:InferenceProfileArn': profile };
    const statements = invokes([`global.${id}`]);
    expect(statements.map(({ resources, conditions }) => [resources, conditions?.StringEquals])).toEqual([
      [[profile], { 'aws:RequestedRegion': 'eu-west-1' }],
      [[model(id)], { 'aws:RequestedRegion': 'eu-west-1', ...through }],
      [[model(id, '')], { 'aws:RequestedRegion': 'unspecified', ...through }],
    ]);
  });

  it.each([
    ['anthropic.claude-v2', [model('anthropic.claude-v2')]],
    ['eu.amazon.nova-lite-v1:0', [everywhere('amazon.nova-lite-v1:0')]],
    ['global.amazon.nova-2-lite-v1:0', [model('amazon.nova-2-lite-v1:0'), model('amazon.nova-2-lite-v1:0', '')]],
  ])('allows the source of an application profile only through the profile: %s', (source, models) => {
    const arn = `${ours}:application-inference-profile/a1babba1b11x`;
    const statements = invokes([{ modelId: arn, madeFrom: [source] }]);
    expect(statements[0]?.resources).toEqual([arn]);
    expect(statements.slice(1).flatMap(({ resources }) => resources)).toEqual(models);
    for (const { conditions } of statements.slice(1)) {
      expect(conditions?.StringEquals).toMatchObject({ 'bedrock:InferenceProfileArn': arn });
    }
  });

  it('allows only Bedrock to call a Marketplace endpoint', () => {
    const arn = 'arn:aws:sagemaker:eu-west-1:111122223333:endpoint/my-endpoint';
    expect(deriveModelAccess([arn], place)).toEqual([
      { actions: ['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream'], resources: [arn] },
      {
        actions: ['sagemaker:InvokeEndpoint', 'sagemaker:InvokeEndpointWithResponseStream'],
        resources: [arn],
        conditions: { StringEquals: { 'aws:CalledViaLast': 'bedrock.amazonaws.com' } },
      },
    ]);
  });

  it('does not repeat the statement of a model that is listed twice', () => {
    expect(allResources('anthropic.claude-v2', 'eu.amazon.nova-lite-v1:0', 'anthropic.claude-v2')).toEqual([
      model('anthropic.claude-v2'),
      `${ours}:inference-profile/eu.amazon.nova-lite-v1:0`,
      everywhere('amazon.nova-lite-v1:0'),
    ]);
    expect(allResources('eu.amazon.nova-lite-v1:0', 'eu.amazon.nova-lite-v1:0')).toHaveLength(2);
  });
});

describe('the list of makers', () => {
  it('is the one of the proxy', () => {
    for (const maker of modelMakers) expect(modelVendor(`${maker}.model-1`)).not.toBe('other');
    expect(modelMakers).toContain('xai');
  });
});

describe('the permission to count tokens', () => {
  const counted = (...grants: ModelGrant[]) =>
    deriveModelAccess(grants, place).filter(({ actions }) => actions.includes('bedrock:CountTokens'));

  it('is for the models of Claude themselves, in the Region of the function', () => {
    const sonnet = 'anthropic.claude-sonnet-5';
    expect(counted(`eu.${sonnet}`, `global.${sonnet}`, 'anthropic.claude-v2', 'amazon.nova-lite-v1:0')).toEqual([
      { actions: ['bedrock:CountTokens'], resources: [model(sonnet), model('anthropic.claude-v2')] },
    ]);
  });

  it('is given for no other model', () => {
    expect(counted('eu.amazon.nova-lite-v1:0', `${ours}:imported-model/abcdefghijkl`)).toEqual([]);
  });
});

describe('deriveModelAccess with an invalid grant', () => {
  it.each([
    ['', 'is not a model id'],
    ['claude', 'is not a model id'],
    ['claude-3-haiku', 'is not a model id'],
    ['anthropic claude-v2', 'is not a model id'],
    ['Anthropic.claude-v2', 'is not a model id'],
    ['anthropic..claude-v2', 'is not a model id'],
    ['anthropic.claude-v2:', 'is not a model id'],
    ['anthropic.claude-v2\n', 'is not a model id'],
    ['eu.nova-lite', 'is not a model id'],
    ['global.nova-lite', 'is not a model id'],
    ['us-east-1/anthropic.claude-v2', 'is not a model id'],
    ['arn:aws:s3:::bucket', 'is not a model id'],
    ['arn:aws:bedrock:::foundation-model/anthropic.claude-v2', 'is not a model id'],
    ['arn:aws:bedrock:us-east-1::inference-profile/us.amazon.nova-lite-v1:0', 'is not a model id'],
    ['arn:aws:bedrock:us-east-1:111122223333:inference-profile/amazon.nova-lite-v1:0', 'is not a model id'],
    ['arn:aws:bedrock:us-east-1:111122223333:foundation-model/amazon.nova-lite-v1:0', 'is not a model id'],
    ['arn:aws:bedrock:us-east-1:111122223333:prompt/ABCDEFGHIJ:1', 'is not a model id'],
    ['arn:aws:sagemaker:us-east-1:111122223333:model/x', 'is not a model id'],
    ['arn:aws:bedrock:us-east-1:111122223333:custom-model/amazon.titan/abcdefghijkl', 'is a custom model'],
    ['*', 'is a wildcard'],
    ['anthropic.*', 'is a wildcard'],
    ['arn:aws:bedrock:us-east-1::foundation-model/*', 'is a wildcard'],
    ['arn:aws:bedrock:us-east-1:111122223333:provisioned-model/?', 'is a wildcard'],
    [`${ours}:application-inference-profile/a1babba1b11x`, 'set madeFrom'],
    [`${ours}:prompt-router/abcdefghijkl`, 'set madeFrom'],
    [{ modelId: 'anthropic.claude-v2', destinationRegions: ['eu-west-1'] }, 'omit destinationRegions'],
    [{ modelId: 'anthropic.claude-v2', madeFrom: ['amazon.nova-lite-v1:0'] }, 'omit madeFrom'],
    [{ modelId: 'eu.amazon.nova-lite-v1:0', destinationRegions: ['Frankfurt'] }, 'must be Regions such as'],
    [{ modelId: 'eu.amazon.nova-lite-v1:0', destinationRegions: [] }, 'is empty'],
    [
      { modelId: `${ours}:application-inference-profile/a`, madeFrom: [`${ours}:imported-model/b`] },
      'must be a model or a profile',
    ],
  ])('refuses %j with one sentence', (grant, sentence) => {
    const derive = () => deriveModelAccess([grant], place);
    expect(derive).toThrow(expect.objectContaining({ name: 'DeploymentError' }));
    expect(derive).toThrow(sentence);
  });

  it('refuses an empty list of models', () => {
    expect(() => deriveModelAccess([], place)).toThrow('models must not be empty');
  });
});

describe('deriveModelAccess and wildcards', () => {
  it('grants wildcards for every-model', () => {
    const [statement, ...others] = deriveModelAccess('every-model', place);
    expect(others).toEqual([]);
    expect(statement?.resources).toEqual([
      'arn:aws:bedrock:*::foundation-model/*',
      `${ours}:inference-profile/*`,
      `${ours}:application-inference-profile/*`,
      `${ours}:provisioned-model/*`,
      `${ours}:imported-model/*`,
      `${ours}:custom-model-deployment/*`,
    ]);
  });

  const id = fc
    .tuple(
      fc.constantFrom('', 'global.', 'mx.', ...[...geographies].map((prefix) => `${prefix}.`)),
      fc.constantFrom(...modelMakers, '*', 'newcomer'),
      fc.stringMatching(/^[a-z0-9]([a-z0-9.-]{0,6}[a-z0-9])?(:[0-9*?])?$/),
    )
    .map(([prefix, maker, name]) => `${prefix}${maker}.${name}`);
  const arn = fc
    .tuple(
      fc.constantFrom('bedrock', 'sagemaker', '*'),
      fc.constantFrom('eu-west-1', '*', ''),
      fc.constantFrom('111122223333', '*', ''),
      fc.constantFrom('foundation-model', 'inference-profile', 'provisioned-model', 'endpoint', 'imported-model', '*'),
      fc.oneof(id, fc.stringMatching(/^[a-z0-9*?]{1,12}$/)),
    )
    .map(([service, region, account, type, name]) => `arn:aws:${service}:${region}:${account}:${type}/${name}`);

  it('never grants a wildcard for a list of ids, except the Regions of a profile', () => {
    let derived = 0;
    fc.assert(
      fc.property(fc.array(fc.oneof(id, arn, fc.string()), { minLength: 1, maxLength: 2 }), (ids) => {
        try {
          const statements = deriveModelAccess(ids, place);
          derived += 1;
          for (const { actions, resources, conditions } of statements) {
            const throughProfile = conditions?.StringEquals['bedrock:InferenceProfileArn'] !== undefined;
            for (const resource of resources) {
              const named = throughProfile ? resource.replace(':bedrock:*::', ':bedrock::') : resource;
              expect(`${actions} ${named}`).not.toMatch(/[*?]/);
              expect(resource).toMatch(/^arn:aws:(?:bedrock|sagemaker):.*\/\S+$/);
            }
          }
        } catch (error) {
          expect(error).toMatchObject({ name: 'DeploymentError', message: expect.stringMatching(/^.+[.…]$/su) });
        }
      }),
      { numRuns: 2_000 },
    );
    expect(derived).toBeGreaterThan(100);
  });
});
