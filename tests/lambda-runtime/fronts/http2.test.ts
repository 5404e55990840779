import { once } from 'node:events';
import { connect, constants } from 'node:http2';
import {
  createInProcessRuntime,
  functionUrlFront,
  type LambdaHandler,
  type LambdaResponseStream,
  serveFront,
} from '@bedrock-proxy/testing/lambda';
import { afterEach, expect, it } from 'vitest';

declare const awslambda: {
  streamifyResponse(handler: LambdaHandler): LambdaHandler;
  HttpResponseStream: { from(stream: LambdaResponseStream, prelude: object): LambdaResponseStream };
};

const runtime = createInProcessRuntime();
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** Sends a POST over HTTP/2 without TLS. */
async function ask(handler: LambdaHandler, headers: Readonly<Record<string, string>> = {}) {
  const front = await serveFront(functionUrlFront(runtime.run(handler)));
  closers.push(front.close);
  const client = connect(front.url);
  closers.push(() => client.destroy());
  const stream = client.request({ ':method': 'POST', ':path': '/model/a%3Ab/invoke?x=1', ...headers });
  stream.end('{"a":1}');
  const [head] = await once(stream, 'response');
  return { front, stream, head };
}

async function textOf(pieces: AsyncIterable<Buffer>): Promise<string> {
  let text = '';
  for await (const piece of pieces) text += piece.toString();
  return text;
}

it('an endpoint hands over a request of HTTP/2 as one of HTTP/1.1', async () => {
  const { stream, head } = await ask((event) => event, { 'content-type': 'application/json', 'x-a': 'b' });
  expect(head[':status']).toBe(200);
  const event = JSON.parse(await textOf(stream));
  expect(event).toMatchObject({ rawPath: '/model/a%3Ab/invoke', rawQueryString: 'x=1', body: '{"a":1}' });
  expect(event.headers).toMatchObject({ 'x-a': 'b', host: expect.stringMatching(/on\.aws$/) });
  expect(Object.keys(event.headers).filter((name) => name.startsWith(':'))).toEqual([]);
});

it('an endpoint streams over HTTP/2, with its head and each piece as they come', async () => {
  let goOn = () => {};
  const seen = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const handler = awslambda.streamifyResponse(async (_event: unknown, stream: LambdaResponseStream) => {
    const out = awslambda.HttpResponseStream.from(stream, { statusCode: 201, headers: { 'x-own': 'yes' } });
    out.write('first');
    await seen;
    out.end(' last');
  });
  const { stream, head } = await ask(handler);
  expect(head).toMatchObject({ ':status': 201, 'x-own': 'yes' });
  const [first] = await once(stream, 'data');
  expect(first.toString()).toBe('first');
  goOn();
  expect(await textOf(stream)).toBe(' last');
});

it('an endpoint tells the function that a client of HTTP/2 has left', async () => {
  let leave = () => {};
  const left = new Promise<void>((resolve) => {
    leave = resolve;
  });
  const handler = awslambda.streamifyResponse(async (_event: unknown, stream: LambdaResponseStream) => {
    stream.on('close', () => leave());
    stream.write('first');
    await left;
  });
  const { stream } = await ask(handler);
  await once(stream, 'data');
  stream.close(constants.NGHTTP2_CANCEL);
  await left;
});

it('an endpoint still speaks HTTP/1.1 on the same port', async () => {
  const { front } = await ask((event) => event);
  const response = await fetch(front.url, { method: 'POST', body: 'x' });
  expect(response.status).toBe(200);
});
