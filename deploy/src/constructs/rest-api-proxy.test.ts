import { Duration } from 'aws-cdk-lib';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { AccountRootPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { describe, expect, it } from 'vitest';
import { anyBundle, environmentOf, synthesized } from '../testing/synthesized.ts';
import { RestApiProxy, type RestApiProxyProps } from './rest-api-proxy.ts';

const minimal: RestApiProxyProps = {
  models: ['amazon.nova-lite-v1:0'],
  auth: { allowAnonymous: true },
  responseMode: 'buffered',
  bundle: anyBundle,
};
const templateOf = (props: Partial<RestApiProxyProps> = {}) =>
  synthesized((stack) => new RestApiProxy(stack, 'Proxy', { ...minimal, ...props }));

function methodsOf(template: Template): readonly string[] {
  const methods = Object.values(template.findResources('AWS::ApiGateway::Method'));
  return methods.map(({ Properties }) => `${Properties.HttpMethod} ${Properties.AuthorizationType}`).toSorted();
}

describe('the REST API', () => {
  it('is Regional, with POST and OPTIONS on its resource and on the paths of the other APIs, and GET for lists and health', () => {
    const template = templateOf();
    template.hasResourceProperties('AWS::ApiGateway::RestApi', { EndpointConfiguration: { Types: ['REGIONAL'] } });
    template.hasResourceProperties('AWS::ApiGateway::Resource', { PathPart: 'bedrock' });
    template.hasResourceProperties('AWS::ApiGateway::Resource', { PathPart: 'health' });
    template.hasResourceProperties('AWS::ApiGateway::Stage', { StageName: 'prod' });
    template.hasResourceProperties('AWS::ApiGateway::Resource', { PathPart: 'model' });
    template.hasResourceProperties('AWS::ApiGateway::Resource', { PathPart: '{proxy+}' });
    expect(methodsOf(template)).toEqual([
      ...[
        'GET NONE',
        'GET NONE',
        'OPTIONS NONE',
        'OPTIONS NONE',
        'OPTIONS NONE',
        'POST NONE',
        'POST NONE',
        'POST NONE',
      ],
    ]);
    template.allResourcesProperties('AWS::Lambda::Permission', {
      Action: 'lambda:InvokeFunction',
      Principal: 'apigateway.amazonaws.com',
      SourceArn: Match.anyValue(),
    });
  });

  it('sends binary answers of a buffered API, whatever a client accepts', () => {
    templateOf().hasResourceProperties('AWS::ApiGateway::RestApi', { BinaryMediaTypes: ['*/*'] });
    templateOf({ responseMode: 'stream' }).hasResourceProperties('AWS::ApiGateway::RestApi', {
      BinaryMediaTypes: Match.absent(),
    });
  });

  it('uses the given names of resource and stage', () => {
    const template = templateOf({ resourceName: 'ask', stageName: 'v1' });
    template.hasResourceProperties('AWS::ApiGateway::Resource', { PathPart: 'ask' });
    template.hasResourceProperties('AWS::ApiGateway::Stage', { StageName: 'v1' });
  });

  it.each<[object, string]>([
    [{ responseMode: 'streaming' }, 'responseMode must be stream or buffered, not "streaming".'],
    [{ stageName: 'my stage' }, 'stageName must be 1 to 128 letters, digits, - or _, not "my stage".'],
    [{ resourceName: 'a/b' }, 'resourceName must be letters, digits, ., - or _, not "a/b".'],
    [{ resourceName: 'v1' }, 'resourceName must not be "v1": the function reserves that path.'],
    [{ resourceName: 'health' }, 'resourceName must not be "health": the function reserves that path.'],
  ])('refuses %j with one sentence', (props, message) => {
    expect(() => templateOf(props)).toThrow(expect.objectContaining({ name: 'DeploymentError', message }));
  });

  it('buffers for up to 29 seconds and tells the function this limit', () => {
    const template = templateOf();
    template.allResourcesProperties('AWS::ApiGateway::Method', {
      Integration: { Type: 'AWS_PROXY', ResponseTransferMode: 'BUFFERED', TimeoutInMillis: 29_000 },
    });
    template.hasResourceProperties('AWS::Lambda::Function', { Timeout: 29 });
    expect(environmentOf(template)).toMatchObject({ GATEWAY_TIMEOUT_MS: '29000' });
  });

  it('buffers for longer with a higher timeout', () => {
    const template = templateOf({ timeout: Duration.minutes(2) });
    template.allResourcesProperties('AWS::ApiGateway::Method', { Integration: { TimeoutInMillis: 120_000 } });
    expect(environmentOf(template)).toMatchObject({ GATEWAY_TIMEOUT_MS: '120000' });
  });

  it('streams for up to 15 minutes through response streaming invocations', () => {
    const template = templateOf({ responseMode: 'stream' });
    template.allResourcesProperties('AWS::ApiGateway::Method', {
      Integration: { Type: 'AWS_PROXY', ResponseTransferMode: 'STREAM', TimeoutInMillis: 900_000 },
    });
    const methods = JSON.stringify(template.findResources('AWS::ApiGateway::Method'));
    expect(methods.match(/path\/2021-11-15\/functions/g)).toHaveLength(8);
    expect(methods.match(/\/response-streaming-invocations/g)).toHaveLength(8);
    template.hasResourceProperties('AWS::Lambda::Function', { Timeout: 900 });
    expect(environmentOf(template)).not.toHaveProperty('GATEWAY_TIMEOUT_MS');
  });

  it('requires signatures with iam, except for preflights and health, and grants access to principals', () => {
    const template = synthesized((stack) => {
      const caller = new Role(stack, 'Caller', { assumedBy: new AccountRootPrincipal() });
      new RestApiProxy(stack, 'Proxy', { ...minimal, auth: { iam: true } }).grantInvoke(caller);
    });
    expect(methodsOf(template)).toEqual([
      ...['GET AWS_IAM', 'GET NONE', 'OPTIONS NONE', 'OPTIONS NONE', 'OPTIONS NONE'],
      ...['POST AWS_IAM', 'POST AWS_IAM', 'POST AWS_IAM'],
    ]);
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: { Statement: [Match.objectLike({ Action: 'execute-api:Invoke' })] },
    });
  });
});

describe('API Gateway', () => {
  const headersOf = (props: Partial<RestApiProxyProps>) =>
    Object.values(templateOf(props).findResources('AWS::ApiGateway::GatewayResponse')).map(({ Properties }) => [
      Properties.ResponseType,
      Properties.ResponseParameters,
    ]);
  const origin = 'gatewayresponse.header.Access-Control-Allow-Origin';

  it('allows pages of any origin to read its own responses', () => {
    expect(headersOf({})).toEqual([
      ['DEFAULT_4XX', { [origin]: "'*'" }],
      ['DEFAULT_5XX', { [origin]: "'*'" }],
    ]);
  });

  it('allows pages of the first of several origins to read its own responses', () => {
    const headers = { [origin]: "'https://a.example'", 'gatewayresponse.header.Vary': "'Origin'" };
    expect(headersOf({ corsOrigins: ['https://a.example', 'https://b.example'] })).toEqual([
      ['DEFAULT_4XX', headers],
      ['DEFAULT_5XX', headers],
    ]);
  });

  it('adds no CORS headers to its own responses if CORS is off', () => {
    expect(headersOf({ corsOrigins: 'off' })).toEqual([]);
  });
});

describe('the firewall of a REST API', () => {
  it('has no firewall by default', () => {
    templateOf().resourceCountIs('AWS::WAFv2::WebACL', 0);
  });

  it('counts matches in bodies, blocks other matches, and limits each IP address', () => {
    const template = templateOf({ firewall: {} });
    template.resourceCountIs('AWS::WAFv2::WebACLAssociation', 1);
    const [acl] = Object.values(template.findResources('AWS::WAFv2::WebACL'));
    const [rate, reputation, core] = acl?.['Properties'].Rules ?? [];
    expect(rate).toMatchObject({
      Action: { Block: { CustomResponse: { ResponseCode: 429 } } },
      Statement: { RateBasedStatement: { Limit: 1_000, EvaluationWindowSec: 300, AggregateKeyType: 'IP' } },
    });
    expect(reputation).toMatchObject({ OverrideAction: { None: {} } });
    expect(core).toMatchObject({
      OverrideAction: { None: {} },
      Statement: { ManagedRuleGroupStatement: { VendorName: 'AWS', Name: 'AWSManagedRulesCommonRuleSet' } },
    });
    const overrides = core.Statement.ManagedRuleGroupStatement.RuleActionOverrides;
    expect(overrides).toEqual(
      expect.arrayContaining([
        { Name: 'SizeRestrictions_BODY', ActionToUse: { Count: {} } },
        { Name: 'CrossSiteScripting_BODY', ActionToUse: { Count: {} } },
      ]),
    );
    expect(overrides.every(({ Name }: { readonly Name: string }) => Name.endsWith('_BODY'))).toBe(true);
  });

  it('uses requestsPerFiveMinutes as its limit', () => {
    const template = templateOf({ firewall: { requestsPerFiveMinutes: 50 } });
    expect(JSON.stringify(template.toJSON())).toContain('"Limit":50');
  });

  it.each([9, 10.5])('refuses a limit of %d', (requestsPerFiveMinutes) => {
    expect(() => templateOf({ firewall: { requestsPerFiveMinutes } })).toThrow(
      `requestsPerFiveMinutes must be a whole number of at least 10, not ${requestsPerFiveMinutes}.`,
    );
  });
});

it('sends alarms about failures to a topic', () => {
  const template = synthesized((stack) => {
    new RestApiProxy(stack, 'Proxy', { ...minimal, alarms: { topic: new Topic(stack, 'Topic') } });
  });
  template.resourceCountIs('AWS::CloudWatch::Alarm', 4);
  template.hasResourceProperties('AWS::CloudWatch::Alarm', { Namespace: 'AWS/ApiGateway', MetricName: '5XXError' });
});
