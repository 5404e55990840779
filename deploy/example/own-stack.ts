import { FunctionUrlProxy, RestApiProxy, WebFunctionProxy } from '@bedrock-proxy/deploy';
import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';

const app = new App();
const stack = new Stack(app, 'Assistants', { env: { account: '111122223333', region: 'eu-west-1' } });

const chat = new FunctionUrlProxy(stack, 'Chat', {
  models: ['eu.anthropic.claude-sonnet-5-5', 'global.amazon.nova-2-lite-v1:0'],
  auth: { generatedToken: true },
  corsOrigins: ['https://app.example.com'],
  alarms: { topic: new Topic(stack, 'OnCall') },
});

new WebFunctionProxy(stack, 'Agents', { models: 'every-model', auth: { generatedToken: true }, maxEnvironments: 4 });

new RestApiProxy(stack, 'Batch', {
  responseMode: 'buffered',
  models: [{ modelId: 'eu.amazon.nova-2-lite-v1:0', destinationRegions: ['eu-west-1', 'eu-central-1'] }],
  auth: { jwt: { issuer: 'https://login.example.com', audience: 'batch' } },
  timeout: Duration.seconds(29),
  firewall: { requestsPerFiveMinutes: 500 },
});

new CfnOutput(stack, 'ChatUrl', { value: chat.url });
app.synth();
