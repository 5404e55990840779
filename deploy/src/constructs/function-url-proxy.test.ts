import { Match } from 'aws-cdk-lib/assertions';
import { AccountRootPrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { describe, expect, it } from 'vitest';
import { anyBundle, environmentOf, statementsOf, synthesized } from '../testing/synthesized.ts';
import { FunctionUrlProxy, type FunctionUrlProxyProps } from './function-url-proxy.ts';

const minimal: FunctionUrlProxyProps = {
  models: ['amazon.nova-lite-v1:0'],
  auth: { allowAnonymous: true },
  bundle: anyBundle,
};
const templateOf = (props: Partial<FunctionUrlProxyProps> = {}) =>
  synthesized((stack) => new FunctionUrlProxy(stack, 'Proxy', { ...minimal, ...props }));

describe('the Function URL', () => {
  it('streams and leaves CORS to the function', () => {
    const template = templateOf();
    template.hasResourceProperties('AWS::Lambda::Url', {
      InvokeMode: 'RESPONSE_STREAM',
      AuthType: 'NONE',
      Cors: Match.absent(),
    });
    template.hasResourceProperties('AWS::Lambda::Function', { Timeout: 900 });
  });

  it('has both permissions that a public URL needs', () => {
    const template = templateOf();
    template.resourceCountIs('AWS::Lambda::Permission', 2);
    template.hasResourceProperties('AWS::Lambda::Permission', {
      Action: 'lambda:InvokeFunctionUrl',
      Principal: '*',
      FunctionUrlAuthType: 'NONE',
    });
    template.hasResourceProperties('AWS::Lambda::Permission', {
      Action: 'lambda:InvokeFunction',
      Principal: '*',
      InvokedViaFunctionUrl: true,
    });
  });

  it('requires signatures and grants access to principals with iam', () => {
    const template = synthesized((stack) => {
      const proxy = new FunctionUrlProxy(stack, 'Proxy', { ...minimal, auth: { iam: true } });
      proxy.grantInvoke(new AccountRootPrincipal());
    });
    template.hasResourceProperties('AWS::Lambda::Url', { AuthType: 'AWS_IAM' });
    const permissions = Object.values(template.findResources('AWS::Lambda::Permission'));
    expect(permissions.map(({ Properties }) => Properties.Action).toSorted()).toEqual([
      'lambda:InvokeFunction',
      'lambda:InvokeFunctionUrl',
    ]);
    expect(JSON.stringify(permissions)).not.toContain('"*"');
  });
});

describe('the alarms of a Function URL', () => {
  it('has no alarms by default', () => {
    templateOf().resourceCountIs('AWS::CloudWatch::Alarm', 0);
  });

  it('notifies a topic about crashes, throttles, 5xx responses and answers that failed after their headers', () => {
    const template = synthesized((stack) => {
      new FunctionUrlProxy(stack, 'Proxy', { ...minimal, alarms: { topic: new Topic(stack, 'Topic') } });
    });
    const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm'));
    expect(alarms.map(({ Properties }) => [Properties.Namespace, Properties.MetricName])).toEqual(
      expect.arrayContaining([
        ['AWS/Lambda', 'Errors'],
        ['AWS/Lambda', 'Throttles'],
        ['AWS/Lambda', 'Url5xxCount'],
        ['BedrockProxy/Log', expect.stringMatching(/failed-answers$/)],
      ]),
    );
    expect(alarms).toHaveLength(4);
    for (const { Properties } of alarms) {
      expect(Properties).toMatchObject({
        TreatMissingData: 'notBreaching',
        AlarmActions: [{ Ref: expect.stringMatching(/^Topic/) }],
      });
    }
    template.hasResourceProperties('AWS::Logs::MetricFilter', {
      FilterPattern: '{ $.event = "request.end" && $.terminal = "error" }',
    });
  });
});

it('allows only the models of its props', () => {
  const template = templateOf({ models: ['amazon.nova-lite-v1:0', 'eu.amazon.nova-pro-v1:0'] });
  expect(environmentOf(template)).toMatchObject({ ALLOWED_MODELS: 'amazon.nova-lite-v1:0,eu.amazon.nova-pro-v1:0' });
  const resources = statementsOf(template).flatMap(({ Resource }) => Resource);
  const named = JSON.stringify(resources).replace(':bedrock:*::foundation-model/amazon.nova-pro-v1:0', '');
  expect(named).not.toContain('*');
  expect(JSON.stringify(resources)).toContain('inference-profile/eu.amazon.nova-pro-v1:0');
});
