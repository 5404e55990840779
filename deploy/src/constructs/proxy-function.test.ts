import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Architecture, Runtime } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { describe, expect, it } from 'vitest';
import { anyBundle, environmentOf, statementsOf, synthesized } from '../testing/synthesized.ts';
import { ProxyFunction } from './proxy-function.ts';
import type { ProxyProps } from './proxy-props.ts';

const minimal: ProxyProps = {
  models: ['amazon.nova-lite-v1:0'],
  auth: { allowAnonymous: true },
  bundle: anyBundle,
};
const front = { bundle: 'function-url', timeout: Duration.minutes(15) } as const;
const templateOf = (props: Partial<ProxyProps> = {}) =>
  synthesized((stack) => new ProxyFunction(stack, 'Proxy', { ...minimal, ...props }, front));

describe('the function', () => {
  it('has the documented settings by default', () => {
    const template = templateOf();
    template.hasResourceProperties('AWS::Lambda::Function', {
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      MemorySize: 512,
      Timeout: 900,
    });
    expect(environmentOf(template)).toEqual({
      ALLOWED_MODELS: 'amazon.nova-lite-v1:0',
    });
  });

  it.each<[string, Partial<ProxyProps>, object]>([
    ['runtime', { runtime: Runtime.NODEJS_22_X }, { Runtime: 'nodejs22.x' }],
    ['architecture', { architecture: Architecture.X86_64 }, { Architectures: ['x86_64'] }],
    ['memorySize', { memorySize: 1_024 }, { MemorySize: 1_024 }],
    ['reservedConcurrency', { reservedConcurrency: 0 }, { ReservedConcurrentExecutions: 0 }],
  ])('uses the prop %s', (_prop, props, properties) => {
    templateOf(props).hasResourceProperties('AWS::Lambda::Function', properties);
  });

  it.each<[string, Partial<ProxyProps>, object]>([
    ['any origin', { corsOrigins: '*' }, { CORS_ALLOWED_ORIGINS: '*' }],
    ['no origin', { corsOrigins: 'off' }, { CORS_ALLOWED_ORIGINS: 'off' }],
    [
      'two origins',
      { corsOrigins: ['https://a.example', 'http://localhost:3000'] },
      { CORS_ALLOWED_ORIGINS: 'https://a.example,http://localhost:3000' },
    ],
    ['another Region for Bedrock', { bedrockRegion: 'us-east-1' }, { BEDROCK_REGION: 'us-east-1' }],
    ['additional variables', { environment: { MAX_BODY_BYTES: '1000' } }, { MAX_BODY_BYTES: '1000' }],
  ])('gets an environment variable for %s', (_prop, props, environment) => {
    expect(environmentOf(templateOf(props))).toMatchObject(environment);
  });

  it('has permissions in the Region where it calls Bedrock', () => {
    const template = templateOf({ bedrockRegion: 'us-east-1' });
    expect(JSON.stringify(statementsOf(template))).toContain(':bedrock:us-east-1::foundation-model/');
  });

  it('keeps its log for one month or for logRetention, even if the stack is deleted', () => {
    templateOf().hasResource('AWS::Logs::LogGroup', {
      Properties: { RetentionInDays: 30 },
      DeletionPolicy: 'Retain',
    });
    templateOf({ logRetention: RetentionDays.ONE_YEAR }).hasResourceProperties('AWS::Logs::LogGroup', {
      RetentionInDays: 365,
    });
  });

  it('may only write its own log and call its models', () => {
    const template = templateOf();
    template.hasResourceProperties('AWS::IAM::Role', { ManagedPolicyArns: Match.absent() });
    expect(statementsOf(template)).toEqual([
      {
        Effect: 'Allow',
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: { 'Fn::GetAtt': [expect.stringMatching(/^ProxyLog/), 'Arn'] },
      },
      {
        Effect: 'Allow',
        Action: ['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream'],
        Resource: {
          'Fn::Join': [
            '',
            ['arn:', { Ref: 'AWS::Partition' }, ':bedrock:eu-west-1::foundation-model/amazon.nova-lite-v1:0'],
          ],
        },
      },
    ]);
  });

  it('may call every model and refuses none with every-model', () => {
    const template = templateOf({ models: 'every-model' });
    expect(environmentOf(template)).not.toHaveProperty('ALLOWED_MODELS');
    expect(JSON.stringify(statementsOf(template))).toContain(':bedrock:*::foundation-model/*');
  });
});

describe('the auth prop', () => {
  it('generates a token in Secrets Manager that only the function may read', () => {
    const template = templateOf({ auth: { generatedToken: true } });
    template.hasResourceProperties('AWS::SecretsManager::Secret', {
      GenerateSecretString: { PasswordLength: 48, ExcludePunctuation: true },
    });
    expect(environmentOf(template)).toMatchObject({
      REQUIRE_AUTH: 'true',
      AUTH_TOKENS_SECRET_ID: { Ref: expect.stringMatching(/^ProxyToken/) },
    });
    expect(statementsOf(template)).toContainEqual({
      Effect: 'Allow',
      Action: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'],
      Resource: { Ref: expect.stringMatching(/^ProxyToken/) },
    });
  });

  it('uses an existing secret', () => {
    const arn = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:tokens-AbCdEf';
    const template = synthesized((stack) => {
      const secret = Secret.fromSecretCompleteArn(stack, 'Tokens', arn);
      new ProxyFunction(stack, 'Proxy', { ...minimal, auth: { secret } }, front);
    });
    template.resourceCountIs('AWS::SecretsManager::Secret', 0);
    expect(environmentOf(template)).toMatchObject({ REQUIRE_AUTH: 'true', AUTH_TOKENS_SECRET_ID: arn });
    expect(statementsOf(template)).toContainEqual(expect.objectContaining({ Resource: arn }));
  });

  it('configures a JWT issuer', () => {
    const jwt = {
      issuer: 'https://login.example.com',
      audience: 'bedrock',
      jwksUrl: 'https://login.example.com/keys',
      modelsClaim: 'models',
    };
    expect(environmentOf(templateOf({ auth: { jwt } }))).toMatchObject({
      REQUIRE_AUTH: 'true',
      JWT_ISSUER: 'https://login.example.com',
      JWT_AUDIENCE: 'bedrock',
      JWT_JWKS_URL: 'https://login.example.com/keys',
      JWT_MODELS_CLAIM: 'models',
    });
  });

  it('opens the proxy to any caller only with allowAnonymous', () => {
    expect(environmentOf(templateOf({ auth: { allowAnonymous: true } }))).not.toHaveProperty('REQUIRE_AUTH');
  });
});

describe('an invalid prop', () => {
  it.each<[Partial<ProxyProps>, string]>([
    [{ runtime: Runtime.NODEJS_20_X }, 'runtime must be nodejs22.x or newer, not nodejs20.x.'],
    [{ runtime: Runtime.PYTHON_3_13 }, 'runtime must be nodejs22.x or newer, not python3.13.'],
    [{ memorySize: 64 }, 'memorySize must be a whole number from 128 to 10240 megabytes, not 64.'],
    [{ memorySize: 512.5 }, 'memorySize must be a whole number from 128 to 10240 megabytes, not 512.5.'],
    [{ reservedConcurrency: -1 }, 'reservedConcurrency must be a whole number from 0 to 100000 requests, not -1.'],
    [{ timeout: Duration.minutes(16) }, 'timeout must be a whole number from 5 to 900 seconds, not 960.'],
    [{ timeout: Duration.millis(5_500) }, 'timeout must be a whole number from 5 to 900 seconds, not 5.5.'],
    [{ corsOrigins: [] }, "corsOrigins must not be empty: list origins or use 'off'."],
    [
      { corsOrigins: ['https://a.example/'] },
      'corsOrigins must list origins such as https://app.example.com, without a path, not "https://a.example/".',
    ],
    [{ corsOrigins: ['*'] }, 'corsOrigins must list origins such as https://app.example.com, without a path, not "*".'],
    [{ bedrockRegion: 'Ireland' }, 'bedrockRegion must be a Region such as eu-west-1, not "Ireland".'],
    [{ environment: { ALLOWED_MODELS: '*' } }, 'environment must not set ALLOWED_MODELS: another prop sets it.'],
    [{ bundle: '/missing.zip' }, '/missing.zip does not exist: run npm run build.'],
    [{ models: [] }, 'models must not be empty: list the models that the function may call.'],
    [
      { models: Array.from({ length: 80 }, (_, index) => `newcomer.model-of-a-rather-long-name-number-${index}`) },
      'The models and aliases are too long for Lambda environment variables (4 KB): list fewer, or use every-model.',
    ],
    [
      { auth: { jwt: { issuer: 'http://login.example.com', audience: 'a' } } },
      'jwt.issuer and jwt.jwksUrl must be https URLs, not "http://login.example.com".',
    ],
    [
      { auth: { jwt: { issuer: 'https://login.example.com', audience: ' ' } } },
      'jwt.audience must not be empty: use the aud claim of the tokens.',
    ],
  ])('refuses %j with one sentence', (props, message) => {
    expect(() => templateOf(props)).toThrow(expect.objectContaining({ name: 'DeploymentError', message }));
  });

  it('refuses an auth without a valid form, which plain JavaScript can pass', () => {
    const auth = JSON.parse('{"allowAnonymous":false}');
    expect(() => templateOf({ auth })).toThrow(
      'auth must be generatedToken: true, secret, iam: true, jwt or allowAnonymous: true.',
    );
  });
});

describe('the aliases of the function', () => {
  const aliases = {
    fast: 'amazon.nova-lite-v1:0',
    lent: {
      targets: [
        { model: 'us.amazon.nova-pro-v1:0', region: 'us-east-1' },
        { model: 'amazon.nova-pro-v1:0', roleArn: 'arn:aws:iam::444455556666:role/lent' },
      ],
    },
  };

  it('are a variable, and the only models that clients may ask for if none is listed', () => {
    expect(environmentOf(templateOf({ models: [], aliases }))).toMatchObject({
      MODEL_ALIASES: JSON.stringify(aliases),
      ALLOWED_MODELS: '@fast,@lent',
    });
    expect(environmentOf(templateOf({ aliases }))).toMatchObject({
      ALLOWED_MODELS: 'amazon.nova-lite-v1:0,@fast,@lent',
    });
    expect(environmentOf(templateOf({ models: 'every-model', aliases }))).not.toHaveProperty('ALLOWED_MODELS');
  });

  it('give the role their targets, each in its Region, and the roles to assume', () => {
    const statements = JSON.stringify(statementsOf(templateOf({ models: [], aliases })));
    expect(statements).toContain(':bedrock:eu-west-1::foundation-model/amazon.nova-lite-v1:0');
    expect(statements).toContain(':bedrock:us-east-1:111122223333:inference-profile/us.amazon.nova-pro-v1:0');
    expect(statements).not.toContain(':bedrock:eu-west-1::foundation-model/amazon.nova-pro-v1:0"');
    expect(statementsOf(templateOf({ models: [], aliases })).at(-1)).toEqual({
      Effect: 'Allow',
      Action: 'sts:AssumeRole',
      Resource: 'arn:aws:iam::444455556666:role/lent',
    });
  });

  it('are checked as the function checks them at its start', () => {
    const wrong = { fast: { targets: [] } };
    expect(() => templateOf({ aliases: wrong })).toThrow('The alias fast: targets must hold 1 to 8 targets.');
    const long = { fast: { targets: [{ model: 'amazon.nova-lite-v1:0' }], defaults: { system: 'x'.repeat(3_000) } } };
    expect(() => templateOf({ aliases: long })).toThrow('The models and aliases are too long');
  });
});

describe('a guardrail', () => {
  const arn = 'arn:aws:bedrock:eu-west-1:111122223333:guardrail/abc123';
  const pinned = `${arn}:1`;

  it('is pinned in the function, and demanded by its role', () => {
    const template = templateOf({ guardrail: { pinned } });
    expect(environmentOf(template)).toMatchObject({ GUARDRAIL: pinned });
    const statements = statementsOf(template);
    expect(statements).toContainEqual(
      expect.objectContaining({
        Action: ['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream'],
        Condition: { StringEquals: { 'bedrock:GuardrailIdentifier': pinned } },
      }),
    );
    expect(statements).toContainEqual(expect.objectContaining({ Action: 'bedrock:ApplyGuardrail', Resource: arn }));
  });

  it('of a target is demanded beside the pinned one', () => {
    const far = { id: 'arn:aws:bedrock:us-east-1:111122223333:guardrail/def456', version: '2' };
    const targets = [
      { model: 'amazon.nova-lite-v1:0' },
      { model: 'amazon.nova-lite-v1:0', region: 'us-east-1', options: { guardrail: far } },
    ];
    expect(statementsOf(templateOf({ guardrail: { pinned }, aliases: { fast: { targets } } }))).toContainEqual(
      expect.objectContaining({
        Condition: { StringEquals: { 'bedrock:GuardrailIdentifier': [pinned, `${far.id}:2`] } },
      }),
    );
  });

  it('is not demanded where a token is exempt, which is warned of', () => {
    const app = new App({ outdir: mkdtempSync(join(tmpdir(), 'cdk-')) });
    const stack = new Stack(app, 'Stack', { env: { account: '111122223333', region: 'eu-west-1' } });
    new ProxyFunction(stack, 'Proxy', { ...minimal, guardrail: { pinned, exemptsTokens: true } }, front);
    expect(JSON.stringify(Template.fromStack(stack).toJSON())).not.toContain('bedrock:GuardrailIdentifier');
    Annotations.fromStack(stack).hasWarning('*', Match.stringLikeRegexp('A token is exempt from the guardrail'));
  });

  it('cannot be set twice', () => {
    const environment = { GUARDRAIL: 'weak:1' };
    expect(() => templateOf({ guardrail: { pinned }, environment })).toThrow('environment must not set GUARDRAIL');
  });
});
