import { startBedrockEmulator } from '@bedrock-proxy/testing/emulator';
import type { LambdaSandbox } from '@bedrock-proxy/testing/lambda';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type BundleName, bundles, startBundle } from './bundles.ts';
import { invokeBundle } from './invoke-bundle.ts';
import { body, functionUrlEvent, httpApiEvent, restApiEvent } from './lambda-events.ts';

const loadBalancer = {
  requestContext: { elb: { targetGroupArn: 'arn:aws:elb' } },
  httpMethod: 'POST',
  path: '/',
  body,
};
const lattice = { version: '2.0', path: '/', method: 'POST', requestContext: { serviceNetworkArn: 'arn:aws:x' }, body };
const webSocket = { requestContext: { connectionId: 'abc', routeKey: '$connect', eventType: 'CONNECT' } };
const foreignEvents: Readonly<Record<string, readonly [event: unknown, advice: RegExp]>> = {
  'an Application Load Balancer': [loadBalancer, /Function URL or an API Gateway REST or HTTP API/],
  'VPC Lattice': [lattice, /Function URL or an API Gateway REST or HTTP API/],
  'a WebSocket API': [webSocket, /Function URL or an API Gateway REST or HTTP API/],
  'a queue': [{ Records: [{ eventSource: 'aws:sqs', body }] }, /streamModel or invokeModel/],
  'a bucket': [{ Records: [{ eventSource: 'aws:s3', s3: {} }] }, /streamModel or invokeModel/],
  'an integration that is not a proxy integration': [JSON.parse(body), /Lambda proxy integration/],
  'a direct invocation with an empty object': [{}, /invokeModel/],
  'a direct invocation with null': [null, /invokeModel/],
  'a direct invocation with a string': ['Hello', /invokeModel/],
};

const eventsOfOtherBundles: Readonly<
  Record<BundleName, Readonly<Record<string, readonly [event: unknown, advice: RegExp]>>>
> = {
  'function-url': {
    'a REST API': [restApiEvent(), /createApiGatewayHandler .*createApiGatewayStreamHandler/],
    'an HTTP API': [httpApiEvent('/'), /createApiGatewayHandler/],
  },
  'api-gateway': { 'a Function URL': [functionUrlEvent(), /createFunctionUrlHandler/] },
  'api-gateway-stream': {
    'a Function URL': [functionUrlEvent(), /createFunctionUrlHandler/],
    'an HTTP API': [httpApiEvent('/'), /createApiGatewayHandler/],
    'an HTTP API with payload format 1.0': [restApiEvent({ version: '1.0' }), /createApiGatewayHandler/],
  },
};

const ownEvents: Readonly<Record<BundleName, unknown>> = {
  'function-url': functionUrlEvent(),
  'api-gateway': restApiEvent(),
  'api-gateway-stream': restApiEvent(),
};

describe.each(Object.keys(bundles) as BundleName[])('the bundle %s', (name) => {
  let bedrock: Awaited<ReturnType<typeof startBedrockEmulator>>;
  let sandbox: LambdaSandbox;
  beforeAll(async () => {
    bedrock = await startBedrockEmulator({ paceMs: 0 });
    sandbox = await startBundle(bundles[name], { AWS_ENDPOINT_URL_BEDROCK_RUNTIME: bedrock.url });
  });
  afterAll(async () => {
    await sandbox.close();
    await bedrock.close();
  });

  const events = Object.entries({ ...foreignEvents, ...eventsOfOtherBundles[name] });

  it.each(events)(
    'refuses an event of %s and names the alternative, then serves its own event',
    async (_, [event, advice]) => {
      const before = bedrock.requests.length;
      const { statusCode, headers, body: text, requestId } = await invokeBundle(sandbox, event);
      expect(statusCode).toBe(500);
      expect(headers).toMatchObject({ 'x-request-id': requestId, 'access-control-allow-origin': '*' });
      const { error } = JSON.parse(text);
      expect(error).toEqual({ code: 'internal', message: expect.stringMatching(advice), requestId });
      expect(error.message).not.toMatch(/arn:|\n/);
      expect(bedrock.requests.length).toBe(before);
      await expectEndLine(requestId, { status: 500, code: 'internal', principal: null, terminal: 'none', attempts: 0 });

      const next = await invokeBundle(sandbox, ownEvents[name]);
      expect(next.statusCode).toBe(200);
      await expectEndLine(next.requestId, { status: 200, principal: 'anonymous', sourceIp: '192.0.2.1', attempts: 1 });
      expect(sandbox.coldStarts).toBe(1);
    },
  );

  async function expectEndLine(requestId: string, fields: object): Promise<void> {
    const ofRequest = (line: string) => line.includes('"request.end"') && line.includes(requestId);
    await vi.waitFor(() => expect(sandbox.log.lines.filter(ofRequest)).toHaveLength(1), { interval: 2 });
    expect(JSON.parse(sandbox.log.lines.find(ofRequest) ?? '')).toMatchObject({
      event: 'request.end',
      requestId,
      ...fields,
    });
  }
});
