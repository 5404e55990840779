import { Duration } from 'aws-cdk-lib';
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { describe, expect, it } from 'vitest';
import { anyBundle, environmentOf, statementsOf, synthesized } from '../testing/synthesized.ts';
import { ProxyFunction } from './proxy-function.ts';
import type { ProxyProps } from './proxy-props.ts';

const minimal: ProxyProps = { models: ['amazon.nova-lite-v1:0'], auth: { allowAnonymous: true }, bundle: anyBundle };
const front = { bundle: 'function-url', timeout: Duration.minutes(15) } as const;
const templateOf = (props: Partial<ProxyProps> = {}) =>
  synthesized((stack) => new ProxyFunction(stack, 'Proxy', { ...minimal, ...props }, front));

const each = { requestsPerMinute: 60 };
const tableName = { Ref: expect.stringMatching(/^ProxyLimits/) };

describe('the table of limits', () => {
  it('is not there by default', () => {
    const template = templateOf();
    template.resourceCountIs('AWS::DynamoDB::Table', 0);
    expect(environmentOf(template)).not.toHaveProperty('LIMITS_TABLE');
  });

  it('is created on demand, expires items, and remains when the stack is deleted', () => {
    const template = templateOf({ limitsTable: true });
    template.hasResource('AWS::DynamoDB::Table', {
      Properties: {
        KeySchema: [{ AttributeName: 'k', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'k', AttributeType: 'S' }],
        BillingMode: 'PAY_PER_REQUEST',
        TimeToLiveSpecification: { AttributeName: 'x', Enabled: true },
      },
      DeletionPolicy: 'Retain',
    });
    expect(environmentOf(template)).toMatchObject({ LIMITS_TABLE: tableName });
    expect(environmentOf(template)).not.toHaveProperty('LIMITS');
  });

  it('may be updated by the function, and nothing else', () => {
    const [statement, ...others] = statementsOf(templateOf({ limits: { each } })).filter(({ Action }) =>
      JSON.stringify(Action).includes('dynamodb'),
    );
    expect(others).toEqual([]);
    expect(statement).toMatchObject({ Action: 'dynamodb:UpdateItem' });
    expect(JSON.stringify(statement?.Resource)).toMatch(/"Fn::GetAtt":\["ProxyLimits\w+","Arn"\]/);
    expect(JSON.stringify(statement?.Resource)).not.toContain('*');
  });

  it('comes with limits', () => {
    const environment = environmentOf(templateOf({ limits: { each, teams: { search: { usdPerMonth: 500 } } } }));
    expect(environment).toMatchObject({ LIMITS_TABLE: tableName });
    expect(JSON.parse(String(environment['LIMITS']))).toEqual({ each, teams: { search: { usdPerMonth: 500 } } });
  });

  it('refuses a rule that the function would refuse', () => {
    expect(() => templateOf({ limits: { each: { usdPerWeek: 5 } as object } })).toThrow(
      expect.objectContaining({
        name: 'DeploymentError',
        message: expect.stringContaining('limits are invalid: each has an unknown member'),
      }),
    );
  });

  it('may be one of your own', () => {
    const template = synthesized((stack) => {
      const limitsTable = new Table(stack, 'Own', { partitionKey: { name: 'k', type: AttributeType.STRING } });
      new ProxyFunction(stack, 'Proxy', { ...minimal, limits: { each }, limitsTable }, front);
    });
    template.resourceCountIs('AWS::DynamoDB::Table', 1);
    expect(environmentOf(template)).toMatchObject({ LIMITS_TABLE: { Ref: expect.stringMatching(/^Own/) } });
  });

  it('cannot be set a second time by a variable', () => {
    expect(() => templateOf({ limits: { each }, environment: { LIMITS: '{}' } })).toThrow(
      'environment must not set LIMITS: another prop sets it.',
    );
  });
});

describe('the dashboard', () => {
  it('is not there by default', () => {
    templateOf().resourceCountIs('AWS::CloudWatch::Dashboard', 0);
  });

  it('shows requests, errors, first text, tokens, cost and limits of its function', () => {
    const template = templateOf({ dashboard: true });
    const [dashboard] = Object.values(template.findResources('AWS::CloudWatch::Dashboard'));
    const body = JSON.stringify(dashboard?.['Properties'].DashboardBody);
    for (const metric of ['Requests', 'Errors', 'TimeToFirstText', 'InputTokens', 'CostUsd', 'LimitRefusals']) {
      expect(body).toContain(`\\"BedrockProxy\\",\\"${metric}\\"`);
    }
    expect(body).toMatch(/FunctionName.*ProxyFunction/);
  });
});
