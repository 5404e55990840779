import { Duration } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { Architecture, Runtime } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { describe, expect, it } from 'vitest';
import { anyBundle, environmentOf, statementsOf, synthesized } from '../testing/synthesized.ts';
import { ProxyFunction } from './proxy-function.ts';
import type { ProxyProps } from './proxy-props.ts';

const least: ProxyProps = {
  models: ['anthropic.claude-3-haiku-20240307-v1:0'],
  auth: { allowAnonymous: true },
  bundle: anyBundle,
};
const front = { bundle: 'function-url', timeout: Duration.minutes(15) } as const;
const templateOf = (props: Partial<ProxyProps> = {}) =>
  synthesized((stack) => new ProxyFunction(stack, 'Proxy', { ...least, ...props }, front));

describe('the function', () => {
  it('is what the manual asks for where nothing else is said', () => {
    const template = templateOf();
    template.hasResourceProperties('AWS::Lambda::Function', {
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      MemorySize: 512,
      Timeout: 900,
    });
    expect(environmentOf(template)).toEqual({
      NODE_OPTIONS: '--enable-source-maps',
      ALLOWED_MODELS: 'anthropic.claude-3-haiku-20240307-v1:0',
    });
  });

  it.each<[string, Partial<ProxyProps>, object]>([
    ['runtime', { runtime: Runtime.NODEJS_22_X }, { Runtime: 'nodejs22.x' }],
    ['architecture', { architecture: Architecture.X86_64 }, { Architectures: ['x86_64'] }],
    ['memorySize', { memorySize: 1_024 }, { MemorySize: 1_024 }],
    ['reservedConcurrency', { reservedConcurrency: 0 }, { ReservedConcurrentExecutions: 0 }],
  ])('takes %s', (_prop, props, properties) => {
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
    ['variables of its own', { environment: { MAX_BODY_BYTES: '1000' } }, { MAX_BODY_BYTES: '1000' }],
  ])('is told of %s', (_what, props, environment) => {
    expect(environmentOf(templateOf(props))).toMatchObject(environment);
  });

  it('calls Bedrock where it is granted to', () => {
    const template = templateOf({ bedrockRegion: 'us-east-1' });
    expect(JSON.stringify(statementsOf(template))).toContain(':bedrock:us-east-1::foundation-model/');
  });

  it('has a log that is kept for a month, or as long as asked, and outlives the stack', () => {
    templateOf().hasResource('AWS::Logs::LogGroup', {
      Properties: { RetentionInDays: 30 },
      DeletionPolicy: 'Retain',
    });
    templateOf({ logRetention: RetentionDays.ONE_YEAR }).hasResourceProperties('AWS::Logs::LogGroup', {
      RetentionInDays: 365,
    });
  });

  it('may write its own log, call its models, and no more', () => {
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
            [
              'arn:',
              { Ref: 'AWS::Partition' },
              ':bedrock:eu-west-1::foundation-model/anthropic.claude-3-haiku-20240307-v1:0',
            ],
          ],
        },
      },
    ]);
  });

  it('may call every model, and refuses none itself, where that is said', () => {
    const template = templateOf({ models: 'every-model' });
    expect(environmentOf(template)).not.toHaveProperty('ALLOWED_MODELS');
    expect(JSON.stringify(statementsOf(template))).toContain(':bedrock:*::foundation-model/*');
  });
});

describe('who may call', () => {
  it('is whoever has the token that Secrets Manager made up, which the function alone may read', () => {
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

  it('stands in a secret of one’s own', () => {
    const arn = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:tokens-AbCdEf';
    const template = synthesized((stack) => {
      const secret = Secret.fromSecretCompleteArn(stack, 'Tokens', arn);
      new ProxyFunction(stack, 'Proxy', { ...least, auth: { secret } }, front);
    });
    template.resourceCountIs('AWS::SecretsManager::Secret', 0);
    expect(environmentOf(template)).toMatchObject({ REQUIRE_AUTH: 'true', AUTH_TOKENS_SECRET_ID: arn });
    expect(statementsOf(template)).toContainEqual(expect.objectContaining({ Resource: arn }));
  });

  it('is told by an issuer of tokens', () => {
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

  it('is everyone only where that is said', () => {
    expect(environmentOf(templateOf({ auth: { allowAnonymous: true } }))).not.toHaveProperty('REQUIRE_AUTH');
  });
});

describe('a wrong prop', () => {
  it.each<[Partial<ProxyProps>, string]>([
    [{ runtime: Runtime.NODEJS_20_X }, 'runtime is nodejs20.x: give nodejs22.x or a newer one.'],
    [{ runtime: Runtime.PYTHON_3_13 }, 'runtime is python3.13: give nodejs22.x or a newer one.'],
    [{ memorySize: 64 }, 'memorySize is 64: give 128 to 10240 megabytes.'],
    [{ memorySize: 512.5 }, 'memorySize is 512.5: give 128 to 10240 megabytes.'],
    [{ reservedConcurrency: -1 }, 'reservedConcurrency is -1: give 0 to 100000 requests.'],
    [{ timeout: Duration.minutes(16) }, 'timeout is 960 seconds: give 5 to 900, whole.'],
    [{ timeout: Duration.millis(5_500) }, 'timeout is 5.5 seconds: give 5 to 900, whole.'],
    [{ corsOrigins: [] }, "corsOrigins names no origin: give some, or 'off'."],
    [
      { corsOrigins: ['https://a.example/'] },
      'corsOrigins holds "https://a.example/": give origins such as https://app.example.com, without a path.',
    ],
    [{ corsOrigins: ['*'] }, 'corsOrigins holds "*": give origins such as https://app.example.com, without a path.'],
    [{ bedrockRegion: 'Ireland' }, 'bedrockRegion is "Ireland": give a Region such as eu-west-1.'],
    [
      { environment: { ALLOWED_MODELS: '*' } },
      'environment sets ALLOWED_MODELS, which follows from the other props: leave it out there.',
    ],
    [{ bundle: '/missing.zip' }, '/missing.zip is not there: run npm run build first.'],
    [{ models: [] }, 'No model is named: name those that the function may call.'],
    [
      { models: Array.from({ length: 80 }, (_, index) => `newcomer.model-of-a-rather-long-name-number-${index}`) },
      'The models are too many for the 4 KB that Lambda has for variables: name fewer, or say every-model.',
    ],
    [
      { auth: { jwt: { issuer: 'http://login.example.com', audience: 'a' } } },
      '"http://login.example.com" is no https URL: give the issuer as its tokens name it, such as https://login.example.com.',
    ],
    [
      { auth: { jwt: { issuer: 'https://login.example.com', audience: ' ' } } },
      'jwt.audience is empty: give the audience that the tokens are for.',
    ],
  ])('%j is refused in one sentence', (props, message) => {
    expect(() => templateOf(props)).toThrow(expect.objectContaining({ name: 'DeploymentError', message }));
  });

  it('is an auth that is none of the five, as plain JavaScript can pass it', () => {
    const auth = JSON.parse('{"allowAnonymous":false}');
    expect(() => templateOf({ auth })).toThrow(
      'auth must be a generatedToken, a secret, iam, a jwt issuer, or allowAnonymous: true.',
    );
  });
});
