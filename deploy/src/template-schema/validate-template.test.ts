import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import { expect, it } from 'vitest';
import { typesWithoutSchema, validateTemplate } from './validate-template.ts';

const validate = (Type: string, Properties: Readonly<Record<string, unknown>>) =>
  validateTemplate({ Resources: { It: { Type, Properties } } });
const url = { TargetFunctionArn: { 'Fn::GetAtt': ['Function', 'Arn'] }, AuthType: 'NONE' };

it('accepts a resource that matches the schema', () => {
  expect(validate('AWS::Lambda::Url', { ...url, InvokeMode: 'RESPONSE_STREAM' })).toEqual([]);
});

it.each([
  ['AWS::Lambda::Link', {}, 'It: AWS::Lambda::Link is not a resource type'],
  ['AWS::Lambda::Url', { AuthType: 'NONE' }, 'It (AWS::Lambda::Url).TargetFunctionArn is missing'],
  ['AWS::Lambda::Url', { ...url, Streaming: true }, 'It (AWS::Lambda::Url).Streaming is unknown'],
  [
    'AWS::Lambda::Url',
    { ...url, Cors: { MaxAge: 'long' } },
    'It (AWS::Lambda::Url).Cors.MaxAge must be of type integer, not "long"',
  ],
  ['AWS::Lambda::Url', { ...url, Cors: [] }, 'It (AWS::Lambda::Url).Cors must be of type ref, not []'],
  [
    'AWS::Lambda::Url',
    { ...url, Cors: { AllowOrigins: '*' } },
    'It (AWS::Lambda::Url).Cors.AllowOrigins must be of type array, not "*"',
  ],
  [
    'AWS::Lambda::Url',
    { ...url, Cors: { AllowOrigins: [7] } },
    'It (AWS::Lambda::Url).Cors.AllowOrigins[0] must be of type string, not 7',
  ],
  [
    'AWS::ApiGateway::GatewayResponse',
    { RestApiId: 'x', ResponseType: 'DEFAULT_4XX', ResponseParameters: { a: 1 } },
    'It (AWS::ApiGateway::GatewayResponse).ResponseParameters.a must be of type string, not 1',
  ],
])('describes the error in %s with %j', (type, properties, line) => {
  expect(validate(type, properties)).toEqual([line]);
});

it('skips only types that have no schema', () => {
  const spec = loadAwsServiceSpecSync();
  const known = typesWithoutSchema.filter(
    (type) => spec.lookup('resource', 'cloudFormationType', 'equals', type).length > 0,
  );
  expect(known, 'remove these from typesWithoutSchema').toEqual([]);
});

it('accepts a custom resource', () => {
  expect(validate('Custom::Anything', { Any: 'property' })).toEqual([]);
});
