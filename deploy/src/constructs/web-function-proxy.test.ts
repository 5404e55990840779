import { Duration, Stack } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { describe, expect, it } from 'vitest';
import { anyBundle, statementsOf, synthesized } from '../testing/synthesized.ts';
import { WebFunctionProxy, type WebFunctionProxyProps } from './web-function-proxy.ts';

const minimal: WebFunctionProxyProps = {
  models: ['amazon.nova-lite-v1:0'],
  auth: { allowAnonymous: true },
  bundle: anyBundle,
};
const templateOf = (props: Partial<WebFunctionProxyProps> = {}) =>
  synthesized((stack) => new WebFunctionProxy(stack, 'Proxy', { ...minimal, ...props }));

function serviceOf(template: ReturnType<typeof templateOf>) {
  const [revision] = Object.values(template.findResources('AWS::Lambda::WebFunctionRevision'));
  return revision?.['Properties'];
}

describe('the Web Function', () => {
  it('runs index.mjs for 15 minutes, is public, and knows its name and its timeout', () => {
    const template = templateOf();
    expect(serviceOf(template)).toMatchObject({
      BuildConfig: { RuntimeConfig: { Runtime: 'nodejs24.x' } },
      ServiceConfig: {
        TimeoutSeconds: 900,
        EnvironmentVariables: {
          AWS_LAMBDA_NODEJS_ENTRYPOINT: 'index.mjs',
          ALLOWED_MODELS: 'amazon.nova-lite-v1:0',
          FUNCTION_NAME: expect.stringMatching(/^[\w-]{2,64}$/),
          REQUEST_TIMEOUT_MS: '900000',
        },
      },
    });
    const { FUNCTION_NAME: FunctionName } = serviceOf(template).ServiceConfig.EnvironmentVariables;
    template.hasResourceProperties('AWS::Lambda::WebFunction', { FunctionName });
    template.hasResourceProperties('AWS::Lambda::WebFunctionEndpoint', {
      ...{ AuthType: 'ApplicationManaged', EndpointType: 'HomeRegion' },
      ...{ ScalingConfig: Match.absent(), ThrottleConfig: Match.absent() },
    });
  });

  it('passes on its limits', () => {
    const template = templateOf({ concurrency: 32, maxEnvironments: 4, rateLimit: 0, timeout: Duration.seconds(60) });
    expect(serviceOf(template).ServiceConfig).toMatchObject({
      ...{ MaxConcurrencyPerEnvironment: 32, TimeoutSeconds: 60 },
      EnvironmentVariables: { REQUEST_TIMEOUT_MS: '60000' },
    });
    template.hasResourceProperties('AWS::Lambda::WebFunctionEndpoint', {
      ...{ ScalingConfig: { MaxEnvironments: 4 }, ThrottleConfig: { RateLimit: 0 } },
    });
  });

  it('has a role that may only write its log, call the models and read the secret', () => {
    const template = templateOf({ auth: { generatedToken: true } });
    const policies = Object.entries(template.findResources('AWS::IAM::Policy')).filter(([id]) =>
      id.startsWith('Proxy'),
    );
    const statements = policies.flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement);
    expect(statements.flatMap(({ Action }) => Action).toSorted()).toEqual([
      ...['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream', 'logs:CreateLogStream', 'logs:PutLogEvents'],
      ...['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue'],
    ]);
    expect(JSON.stringify(statements)).not.toContain('*');
    expect(serviceOf(template).ServiceConfig.EnvironmentVariables).toMatchObject({ REQUIRE_AUTH: 'true' });
  });

  it('requires signatures and grants access to principals with iam', () => {
    const template = synthesized((stack) => {
      const proxy = new WebFunctionProxy(stack, 'Proxy', { ...minimal, auth: { iam: true } });
      proxy.grantInvoke(new Role(stack, 'Caller', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') }));
    });
    template.hasResourceProperties('AWS::Lambda::WebFunctionEndpoint', { AuthType: 'IamAuth' });
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: { Statement: [Match.objectLike({ Action: 'lambda:InvokeWebFunctionEndpoint' })] },
    });
  });

  it('has the URL of its endpoint', () => {
    const stack = new Stack();
    const { url } = new WebFunctionProxy(stack, 'Proxy', minimal);
    expect(JSON.stringify(stack.resolve(url))).toMatch(/https:\/\/.*"DomainName".*\//);
  });

  it('has alarms about 5xx responses and failed answers, from its log', () => {
    const template = synthesized((stack) => {
      new WebFunctionProxy(stack, 'Proxy', { ...minimal, alarms: { topic: new Topic(stack, 'Topic') } });
    });
    const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm'));
    expect(alarms.map(({ Properties }) => [Properties.Namespace, Properties.MetricName])).toEqual([
      ['BedrockProxy/Log', expect.stringMatching(/server-errors$/)],
      ['BedrockProxy/Log', expect.stringMatching(/failed-answers$/)],
    ]);
    const filters = Object.values(template.findResources('AWS::Logs::MetricFilter'));
    expect(filters.map(({ Properties }) => Properties.FilterPattern)).toEqual([
      '{ $.event = "request.end" && $.status >= 500 }',
      '{ $.event = "request.end" && $.terminal = "error" }',
    ]);
  });

  it('may only count in its table of limits, and knows the limits', () => {
    let proxy: WebFunctionProxy | undefined;
    const template = synthesized((stack) => {
      proxy = new WebFunctionProxy(stack, 'Proxy', { ...minimal, limits: { each: { requestsPerMinute: 60 } } });
    });
    expect(proxy?.limitsTable).toBeDefined();
    template.resourceCountIs('AWS::DynamoDB::Table', 1);
    expect(serviceOf(template).ServiceConfig.EnvironmentVariables).toMatchObject({
      LIMITS_TABLE: { Ref: expect.stringMatching(/^ProxyLimits/) },
      LIMITS: '{"each":{"requestsPerMinute":60}}',
    });
    const ofTables = statementsOf(template).filter(({ Action }) => JSON.stringify(Action).includes('dynamodb'));
    expect(ofTables).toEqual([
      expect.objectContaining({
        Action: 'dynamodb:UpdateItem',
        Resource: [{ 'Fn::GetAtt': [expect.stringMatching(/^ProxyLimits/), 'Arn'] }],
      }),
    ]);
  });

  it('has a dashboard of the metrics that it writes under its name', () => {
    const template = templateOf({ dashboard: true });
    const [dashboard] = Object.values(template.findResources('AWS::CloudWatch::Dashboard'));
    const body = JSON.stringify(dashboard?.['Properties'].DashboardBody);
    expect(body).toContain('CostUsd');
    const { FUNCTION_NAME: name } = serviceOf(template).ServiceConfig.EnvironmentVariables;
    expect(body).toContain(`\\"FunctionName\\",\\"${name}\\"`);
  });

  it.each<[Partial<WebFunctionProxyProps>, string]>([
    [{ concurrency: 129 }, 'concurrency must be a whole number from 1 to 128 requests, not 129.'],
    [{ maxEnvironments: 1 }, 'maxEnvironments must be a whole number from 2 to 100000 processes, not 1.'],
    [{ rateLimit: -1 }, 'rateLimit must be a whole number from 0 to 10000 requests a second, not -1.'],
    [{ timeout: Duration.seconds(901) }, 'timeout must be a whole number from 5 to 900 seconds, not 901.'],
    [
      { environment: { REQUEST_TIMEOUT_MS: '1' } },
      'environment must not set REQUEST_TIMEOUT_MS: another prop sets it.',
    ],
    [{ bundle: '/nowhere.zip' }, '/nowhere.zip does not exist: run npm run build.'],
  ])('refuses %j with one sentence', (props, message) => {
    expect(() => templateOf(props)).toThrow(expect.objectContaining({ name: 'DeploymentError', message }));
  });
});
