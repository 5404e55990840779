import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, expect, it, vi } from 'vitest';
import { dynamoLimitStore } from './dynamo-limit-store.js';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
  vi.restoreAllMocks();
});

const signal = new AbortController().signal;
const update = { add: { n: 1 }, when: [[[{ counter: 'n', atMost: 4 }]]], expiresAt: 9 };

/** A table on 127.0.0.1 that answers in turn as it is told; the last answer is repeated. */
async function startTable(...answers: readonly RequestListener[]) {
  const sockets = new Set<Socket>();
  const requests: { readonly target: unknown; readonly authorization: string; readonly at: number }[] = [];
  const server = createServer((request, response) => {
    const { 'x-amz-target': target, authorization = '' } = request.headers;
    requests.push({ target, authorization, at: performance.now() });
    sockets.add(request.socket);
    const answer = answers[Math.min(requests.length, answers.length) - 1];
    request.resume().on('end', () => answer?.(request, response));
  });
  servers.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'key' };
  return {
    requests,
    sockets,
    store: dynamoLimitStore({ table: 'limits', region: 'eu-west-1', endpoint, credentials }),
  };
}

const answer =
  (status: number, body: object): RequestListener =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(JSON.stringify(body));
  };
const refuse = (name: string, status = 400, more: object = {}) =>
  answer(status, { __type: `com.amazonaws.dynamodb.v20120810#${name}`, message: 'canary', ...more });
const ok = answer(200, { Attributes: { k: { S: 'key' }, x: { N: '9' }, n: { N: '5' } } });

it('is one signed request over one connection', async () => {
  const { store, requests, sockets } = await startTable(ok);
  expect(await store.update('key', update, signal)).toEqual({ applied: true, counters: { n: 5 } });
  await store.update('key', update, signal);
  expect(requests).toMatchObject([{ target: 'DynamoDB_20120810.UpdateItem' }, {}]);
  expect(requests[0]?.authorization).toContain('/eu-west-1/dynamodb/aws4_request');
  expect(sockets.size).toBe(1);
});

it('takes a new connection after 20 idle seconds: Lambda may have frozen the old one', async () => {
  const { store, sockets } = await startTable(ok);
  await store.update('key', update, signal);
  const now = Date.now();
  const clock = vi.spyOn(Date, 'now').mockReturnValue(now + 19_000);
  await store.update('key', update, signal);
  expect(sockets.size).toBe(1);
  clock.mockReturnValue(now + 40_000);
  await store.update('key', update, signal);
  expect(sockets.size).toBe(2);
});

it('tells the counters that it found if the condition does not hold', async () => {
  const found = refuse('ConditionalCheckFailedException', 400, {
    Item: { k: { S: 'key' }, n: { N: '5' }, x: { N: '9' } },
  });
  const { store, requests } = await startTable(found);
  expect(await store.update('key', update, signal)).toEqual({ applied: false, counters: { n: 5 } });
  expect(requests).toHaveLength(1);
});

it('tells no counters if there was no item', async () => {
  const { store } = await startTable(refuse('ConditionalCheckFailedException'));
  expect(await store.update('key', update, signal)).toEqual({ applied: false });
});

it.each(['ThrottlingException', 'ProvisionedThroughputExceededException', 'RequestLimitExceeded'])(
  'sends again once after %s, because nothing was written',
  async (name) => {
    const { store, requests } = await startTable(refuse(name), ok);
    expect(await store.update('key', update, signal)).toMatchObject({ applied: true });
    const [first, second] = requests;
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(49);
    const always = await startTable(refuse(name));
    await expect(always.store.update('key', update, signal)).rejects.toThrow(name);
    expect(always.requests).toHaveLength(2);
  },
);

it('sends again once after a refused connection', async () => {
  const store = dynamoLimitStore({
    ...{ table: 'limits', region: 'eu-west-1', endpoint: 'http://127.0.0.1:9' },
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'key' },
  });
  const began = performance.now();
  await expect(store.update('key', update, signal)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  expect(performance.now() - began).toBeGreaterThanOrEqual(49);
});

it.each([
  ['a 5xx', refuse('InternalServerError', 500)],
  ['a reset', (({ socket }) => void socket.destroy()) as RequestListener],
] as const)('never sends again after %s, because the update may have been written', async (_name, listener) => {
  const { store, requests } = await startTable(listener);
  const error = await store.update('key', update, signal).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(Error);
  expect(error).not.toHaveProperty('permanent');
  expect(requests).toHaveLength(1);
});

it.each(['AccessDeniedException', 'ResourceNotFoundException', 'ValidationException', 'UnrecognizedClientException'])(
  'says of %s that only an operator can help, and quotes nothing',
  async (name) => {
    const { store, requests } = await startTable(refuse(name));
    const error = await store.update('key', update, signal).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({
      permanent: true,
      message: `DynamoDB_20120810.UpdateItem was refused: 400, ${name}.`,
    });
    expect(JSON.stringify(error)).not.toContain('canary');
    expect(requests).toHaveLength(1);
  },
);

it('gives up while it waits to send again', async () => {
  const { store, requests } = await startTable(refuse('ThrottlingException'));
  const abort = new AbortController();
  const updating = store.update('key', update, abort.signal);
  await vi.waitFor(() => expect(requests).toHaveLength(1));
  abort.abort(new Error('given up'));
  await expect(updating).rejects.toThrow();
  expect(requests).toHaveLength(1);
});
