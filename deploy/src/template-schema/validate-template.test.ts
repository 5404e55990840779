import { expect, it } from 'vitest';
import { judgeTemplate } from './judge-template.ts';

const judge = (Type: string, Properties: Readonly<Record<string, unknown>>) =>
  judgeTemplate({ Resources: { It: { Type, Properties } } });
const url = { TargetFunctionArn: { 'Fn::GetAtt': ['Function', 'Arn'] }, AuthType: 'NONE' };

it('finds nothing wrong with what the schema allows', () => {
  expect(judge('AWS::Lambda::Url', { ...url, InvokeMode: 'RESPONSE_STREAM' })).toEqual([]);
});

it.each([
  ['AWS::Lambda::Link', {}, 'It: AWS::Lambda::Link is no type of resource'],
  ['AWS::Lambda::Url', { AuthType: 'NONE' }, 'It (AWS::Lambda::Url).TargetFunctionArn is missing'],
  ['AWS::Lambda::Url', { ...url, Streaming: true }, 'It (AWS::Lambda::Url).Streaming is unknown'],
  [
    'AWS::Lambda::Url',
    { ...url, Cors: { MaxAge: 'long' } },
    'It (AWS::Lambda::Url).Cors.MaxAge is "long", which is no integer',
  ],
  ['AWS::Lambda::Url', { ...url, Cors: [] }, 'It (AWS::Lambda::Url).Cors is [], which is no ref'],
  [
    'AWS::Lambda::Url',
    { ...url, Cors: { AllowOrigins: '*' } },
    'It (AWS::Lambda::Url).Cors.AllowOrigins is "*", which is no array',
  ],
  [
    'AWS::Lambda::Url',
    { ...url, Cors: { AllowOrigins: [7] } },
    'It (AWS::Lambda::Url).Cors.AllowOrigins[0] is 7, which is no string',
  ],
  [
    'AWS::ApiGateway::GatewayResponse',
    { RestApiId: 'x', ResponseType: 'DEFAULT_4XX', ResponseParameters: { a: 1 } },
    'It (AWS::ApiGateway::GatewayResponse).ResponseParameters.a is 1, which is no string',
  ],
])('%s with %j: a line that says where', (type, properties, line) => {
  expect(judge(type, properties)).toEqual([line]);
});
