import { allowAnonymous, createProxy, type RequestRecord } from '@bedrock-proxy/core';
import type { LambdaRuntime, ResponseHead, ResponseStream } from '@bedrock-proxy/lambda-adapter';
import { FakeInvoker } from '@bedrock-proxy/testing';
import { expect, it } from 'vitest';
import { createApiGatewayStreamHandler } from './create-api-gateway-stream-handler.js';

const rest = {
  ...{ httpMethod: 'POST', resource: '/{proxy+}', path: '/x/chat', pathParameters: { proxy: 'chat' }, headers: {} },
  ...{
    body: '{"modelId":"anthropic.claude-v2","stream":true}',
    requestContext: { identity: { sourceIp: '192.0.2.1' } },
  },
};
const httpApi = {
  ...{ version: '2.0', rawPath: '/chat' },
  requestContext: { domainName: 'a.execute-api.eu-west-1.amazonaws.com', http: { method: 'POST' } },
};

async function handle(event: unknown) {
  let head: ResponseHead | undefined;
  let text = '';
  const records: RequestRecord[] = [];
  const stream: ResponseStream = {
    ...{ writableNeedDrain: false, end() {}, on() {}, off() {} },
    write(piece) {
      text += Buffer.from(piece).toString();
      return true;
    },
  };
  const runtime: LambdaRuntime = {
    streamify: (handler) => handler,
    withHead(out, given) {
      head = given;
      return out;
    },
  };
  const proxy = createProxy({
    ...{ invoker: new FakeInvoker().replyText('a'), access: allowAnonymous() },
    logger: { info() {}, warn() {}, error() {} },
    onRequestEnd: (record) => void records.push(record),
  });
  const context = { awsRequestId: 'r-1', getRemainingTimeInMillis: () => 900_000 };
  await createApiGatewayStreamHandler(proxy, { runtime })(event, stream, context);
  return { status: head?.statusCode, text, record: records[0] };
}

it('createApiGatewayStreamHandler streams to a REST API', async () => {
  expect(await handle(rest)).toMatchObject({
    ...{ status: 200, text: 'data: {"content":"a"}\n\ndata: [DONE]\n\n' },
    record: { front: 'rest-api-stream', sourceIp: '192.0.2.1', terminal: 'done' },
  });
});

it.each([
  [httpApi, 'an API Gateway HTTP API'],
  [{ Records: [] }, 'a queue'],
  [null, 'neither'],
])('createApiGatewayStreamHandler answers an unsupported event with 500: %j', async (event, sender) => {
  const { status, text, record } = await handle(event);
  expect(status).toBe(500);
  expect(JSON.parse(text).error.message).toMatch(
    /^This handler serves API Gateway REST APIs that stream, but the event came/,
  );
  expect(text).toContain(sender);
  expect(record).toMatchObject({ front: 'rest-api-stream', status: 500, code: 'internal' });
});
