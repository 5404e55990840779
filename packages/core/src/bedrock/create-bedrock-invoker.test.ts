import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ModelCall } from '../ports/model-invoker.js';
import { createBedrockInvoker, requestOf } from './create-bedrock-invoker.js';
import { frame } from './frame.test-helper.js';

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example-key' };
const call: ModelCall = {
  operation: 'invoke-model',
  modelId: 'm',
  body: Buffer.from('{}'),
  signal: new AbortController().signal,
};

let server: Server;
let endpoint: string;
let received: { readonly path: string | undefined; readonly headers: IncomingHttpHeaders; body: string }[];
/** What is answered in turn; the last one again and again. */
let answers: {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}[];

beforeEach(async () => {
  received = [];
  answers = [{ status: 200, headers: {}, body: '{}' }];
  server = createServer((request, response) => {
    const seen = { path: request.url, headers: request.headers, body: '' };
    received.push(seen);
    request.on('data', (piece) => {
      seen.body += piece;
    });
    const {
      status,
      headers,
      body = '',
    } = answers[Math.min(received.length, answers.length) - 1] ?? { status: 500, headers: {} };
    request.on('end', () => response.writeHead(status, headers).end(body));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  // Pauses between attempts are drawn by lot.
  vi.spyOn(Math, 'random').mockReturnValue(0);
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  server.close();
  server.closeAllConnections();
});

const invoker = () => createBedrockInvoker({ region: 'eu-central-1', endpoint, credentials });

it('tells what is known of a call: its attempts, its id and the counts of the headers', async () => {
  const headers = { 'x-amzn-requestid': 'r-2', 'x-amzn-bedrock-input-token-count': '7' };
  answers = [
    { status: 503, headers: {} },
    { status: 200, headers, body: '{"a":1}' },
  ];
  const meta = { attempts: 2, upstreamRequestId: 'r-2', reportedTokens: { inputTokens: 7 }, headers };
  const answer = await invoker().invoke(call);
  expect({ ...answer, body: Buffer.from(answer.body).toString() }).toEqual({
    ...{ body: '{"a":1}', contentType: 'application/json', meta },
  });
  received = [];
  expect((await invoker().stream(call)).meta).toEqual(meta);
});

it('tells what a refused call is known by', async () => {
  answers = [{ status: 400, headers: { 'x-amzn-errortype': 'ValidationException', 'x-amzn-requestid': 'r-1' } }];
  const error = { code: 'upstream_validation', meta: { attempts: 1, upstreamRequestId: 'r-1' } };
  await expect(invoker().invoke(call)).rejects.toMatchObject(error);
  await expect(invoker().stream(call)).rejects.toMatchObject(error);
});

it('has a path for each way of calling', async () => {
  await invoker().invoke(call);
  await invoker().stream(call);
  expect(received.map(({ path }) => path)).toEqual(['/model/m/invoke', '/model/m/invoke-with-response-stream']);
});

it('has paths, headers and bodies for each operation', async () => {
  const options = {
    guardrail: { id: 'g', version: '1', trace: 'ENABLED', streamMode: 'async' },
    performanceLatency: 'optimized',
    serviceTier: 'flex',
    requestMetadata: { team: 'a' },
  } as const;
  await invoker().invoke({ ...call, options });
  await invoker().invoke({ ...call, operation: 'converse', body: Buffer.from('{ "a":1}'), options });
  await invoker().stream({ ...call, operation: 'converse', body: Buffer.from('{"serviceTier":{},"b":[]}'), options });
  await invoker().invoke({ ...call, operation: 'count-tokens', body: Buffer.from('{"input":{}}'), options });
  expect(received.map(({ path }) => path)).toEqual([
    ...['/model/m/invoke', '/model/m/converse', '/model/m/converse-stream', '/model/m/count-tokens'],
  ]);
  const own = received.map(({ headers }) =>
    Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('x-amzn-bedrock-'))),
  );
  expect(own).toEqual([
    {
      'x-amzn-bedrock-guardrailidentifier': 'g',
      'x-amzn-bedrock-guardrailversion': '1',
      'x-amzn-bedrock-trace': 'ENABLED',
      'x-amzn-bedrock-performanceconfig-latency': 'optimized',
      'x-amzn-bedrock-service-tier': 'flex',
      'x-amzn-bedrock-request-metadata': '{"team":"a"}',
    },
    ...[{}, {}, {}],
  ]);
  const guardrailConfig = '"guardrailConfig":{"guardrailIdentifier":"g","guardrailVersion":"1","trace":"enabled"';
  const performance = '"performanceConfig":{"latency":"optimized"}';
  const metadata = '"requestMetadata":{"team":"a"}';
  expect(received.map(({ body }) => body).slice(1)).toEqual([
    `{${guardrailConfig}},${performance},"serviceTier":{"type":"flex"},${metadata}, "a":1}`,
    `{${guardrailConfig},"streamProcessingMode":"async"},${performance},${metadata},"serviceTier":{},"b":[]}`,
    '{"input":{}}',
  ]);
});

it('joins metadata in a Converse body, and leaves no other guardrail in it', () => {
  const sent = (body: string, options: object) =>
    Buffer.from(
      requestOf({ ...call, operation: 'converse', body: Buffer.from(body), options }, 'whole').body,
    ).toString();
  const requestMetadata = { team: 'a', by: 'operator' };
  expect(sent('{"requestMetadata":{"by":"client"},"a":1}', { requestMetadata })).toBe(
    '{"requestMetadata":{"team":"a","by":"client"},"a":1}',
  );
  expect(sent('{"requestMetadata":1}', { requestMetadata })).toBe('{"requestMetadata":{"team":"a","by":"operator"}}');
  expect(sent('{"guardrailConfig":{},"guardrailConfig":1}', { guardrail: { id: 'g', version: '1' } })).toBe(
    '{"guardrailConfig":{"guardrailIdentifier":"g","guardrailVersion":"1"}}',
  );
});

it('writes metadata in characters that a header can hold', () => {
  const options = { requestMetadata: { team: 'a\u2028\n' } };
  expect(requestOf({ ...call, options }, 'whole').headers['x-amzn-bedrock-request-metadata']).toBe(
    '{"team":"a\\u2028\\n"}',
  );
});

it('asks for an asynchronous guardrail in the payload, of a stream alone', async () => {
  const guardrail = { id: 'g', version: '1' };
  const member = '"amazon-bedrock-guardrailConfig":{"streamProcessingMode":"ASYNCHRONOUS"}';
  for (const [body, sent] of [
    ['{}', `{${member}}`],
    ['{ "a":1}', `{${member}, "a":1}`],
  ] as const) {
    const asked = { ...call, body: Buffer.from(body) };
    await invoker().stream({ ...asked, options: { guardrail: { ...guardrail, streamMode: 'async' } } });
    await invoker().stream({ ...asked, options: { guardrail: { ...guardrail, streamMode: 'sync' } } });
    await invoker().invoke({ ...asked, options: { guardrail: { ...guardrail, streamMode: 'async' } } });
    expect(received.splice(0).map((request) => request.body)).toEqual([sent, body, body]);
  }
});

it.each([
  ['invoke-model', [[undefined, '{"a":1}']]],
  ['converse', [['chunk', '{"bytes":"eyJhIjoxfQ=="}']]],
] as const)('reads the events of a stream as %s sends them', async (operation, expected) => {
  const headers = { ':message-type': 'event', ':event-type': 'chunk' };
  answers = [{ status: 200, headers: {}, body: frame(headers, '{"bytes":"eyJhIjoxfQ=="}') }];
  const seen: unknown[] = [];
  for await (const { chunks } of (await invoker().stream({ ...call, operation })).batches) {
    seen.push(...chunks.map(({ eventType, bytes }) => [eventType, Buffer.from(bytes).toString()]));
  }
  expect(seen).toEqual(expected);
});

describe('a request', () => {
  const json = { 'content-type': 'application/json' };
  const options = [
    { guardrail: { id: 'g', version: '1' } },
    { performanceLatency: 'optimized' },
    { serviceTier: 'flex' },
    { requestMetadata: { team: 'a' } },
  ] as const;

  it('has the headers of the settings that are made, and no others', () => {
    const accepting = { ...json, accept: 'application/json' };
    expect(requestOf(call, 'whole').headers).toStrictEqual(accepting);
    expect(requestOf(call, 'stream').headers).toStrictEqual({ ...json, 'x-amzn-bedrock-accept': 'application/json' });
    expect(options.map((each) => requestOf({ ...call, options: each }, 'whole').headers)).toStrictEqual([
      { ...accepting, 'x-amzn-bedrock-guardrailidentifier': 'g', 'x-amzn-bedrock-guardrailversion': '1' },
      { ...accepting, 'x-amzn-bedrock-performanceconfig-latency': 'optimized' },
      { ...accepting, 'x-amzn-bedrock-service-tier': 'flex' },
      { ...accepting, 'x-amzn-bedrock-request-metadata': '{"team":"a"}' },
    ]);
  });

  it('of Converse has the members of the settings that are made, and no others', () => {
    const converse = { ...call, operation: 'converse' } as const;
    expect(requestOf(converse, 'whole')).toStrictEqual({
      ...{ path: '/model/m/converse', headers: json, body: call.body, signal: call.signal },
    });
    const bodies = options.map((each) => requestOf({ ...converse, options: each }, 'whole').body);
    expect(bodies.map((body) => Buffer.from(body).toString())).toEqual([
      '{"guardrailConfig":{"guardrailIdentifier":"g","guardrailVersion":"1"}}',
      '{"performanceConfig":{"latency":"optimized"}}',
      '{"serviceTier":{"type":"flex"}}',
      '{"requestMetadata":{"team":"a"}}',
    ]);
  });
});

it('never streams a count of tokens', async () => {
  await expect(invoker().stream({ ...call, operation: 'count-tokens' })).rejects.toThrow('cannot be streamed');
  expect(received).toEqual([]);
});

it('sends three times at most, whatever the environment says', async () => {
  vi.stubEnv('AWS_MAX_ATTEMPTS', '2');
  answers = [{ status: 503, headers: {} }];
  await expect(invoker().invoke(call)).rejects.toMatchObject({ meta: { attempts: 3 } });
  expect(received).toHaveLength(3);
});

it('sends any number of calls at once', async () => {
  const waiting: (() => void)[] = [];
  server.removeAllListeners('request');
  server.on('request', (_, response) => {
    waiting.push(() => response.end('{}'));
    // More than the 50 connections that the SDK has by default.
    if (waiting.length === 60) for (const end of waiting) end();
  });
  const { invoke } = invoker();
  await expect(Promise.all(Array.from({ length: 60 }, () => invoke(call)))).resolves.toHaveLength(60);
});

it("gives the type of the model's own content, of a whole answer and of the chunks of a stream, or else JSON", async () => {
  const headers = { 'content-type': 'text/plain', 'x-amzn-bedrock-content-type': 'application/vnd.model+json' };
  expect(await invoker().invoke(call)).toMatchObject({ contentType: 'application/json' });
  expect(await invoker().stream(call)).toMatchObject({ contentType: 'application/json' });
  answers = [{ status: 200, headers, body: 'text' }];
  expect(await invoker().invoke(call)).toMatchObject({ contentType: 'text/plain' });
  expect(await invoker().stream(call)).toMatchObject({ contentType: 'application/vnd.model+json' });
});

it('signs with the credentials that it is given, whatever bearer token the environment has', async () => {
  vi.stubEnv('AWS_BEARER_TOKEN_BEDROCK', 'bedrock-api-key');
  await invoker().invoke(call);
  expect(received[0]?.headers.authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\//);
});

it("signs with the environment's bearer token if it is given no credentials", async () => {
  vi.stubEnv('AWS_BEARER_TOKEN_BEDROCK', 'bedrock-api-key');
  await createBedrockInvoker({ region: 'eu-central-1', endpoint }).invoke(call);
  expect(received[0]?.headers.authorization).toBe('Bearer bedrock-api-key');
});

it('throws the reason of its caller where the call was given up', async () => {
  const reason = new Error('enough');
  const given = { ...call, signal: AbortSignal.abort(reason) };
  await expect(invoker().invoke(given)).rejects.toBe(reason);
  await expect(invoker().stream(given)).rejects.toBe(reason);
  expect(received).toEqual([]);
  expect(Object.keys(reason)).toEqual([]);
});

it('refuses an empty body of an accepted call, with its metadata', async () => {
  answers = [{ status: 200, headers: { 'x-amzn-requestid': 'r-3' } }];
  for (const operation of ['invoke-model', 'converse', 'count-tokens'] as const) {
    const refused = await invoker()
      .invoke({ ...call, operation })
      .catch((error: unknown) => error);
    expect(refused).toMatchObject({
      ...{ code: 'upstream_truncated', meta: { attempts: 1, upstreamRequestId: 'r-3' } },
      cause: { message: 'Bedrock accepted the call, and its answer is empty' },
    });
    expect(refused).toHaveProperty('upstream', undefined);
  }
});

it('refuses a body that breaks off, after as many attempts as for any broken connection', async () => {
  server.removeAllListeners('request');
  server.on('request', (_, response) => {
    received.push({ path: undefined, headers: {}, body: '' });
    response.writeHead(200, { 'content-length': '100' });
    response.write('{"a":', () => response.destroy());
  });
  await expect(invoker().invoke(call)).rejects.toMatchObject({ code: 'upstream_truncated', meta: { attempts: 3 } });
  expect(received).toHaveLength(3);
});

it.each([
  ['credentials', { region: 'eu-central-1' }, /^No usable AWS credentials were found .* AWS_PROFILE/],
  ['a Region', { credentials }, /^No valid AWS Region is set .* AWS_REGION/],
  ['a valid Region', { credentials, region: 'not a region' }, /^No valid AWS Region is set .* AWS_REGION/],
])('says that %s is missing', async (_, options, message) => {
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) vi.stubEnv(name, undefined);
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  for (const name of ['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE']) vi.stubEnv(name, '/none');
  for (const ask of ['invoke', 'stream'] as const) {
    const refused = createBedrockInvoker({ ...options, endpoint: 'region' in options ? endpoint : undefined } as never)[
      ask
    ](call);
    await expect(refused).rejects.toMatchObject({ code: 'upstream_denied', message: expect.stringMatching(message) });
  }
});

it('does not sleep through a long Retry-After, nor into its deadline', async () => {
  answers = [{ status: 429, headers: { 'x-amzn-errortype': 'ThrottlingException', 'retry-after': '20' }, body: '{}' }];
  await expect(invoker().stream(call)).rejects.toMatchObject({ code: 'throttled', retryAfterSeconds: 20 });
  expect(received).toHaveLength(1);
  answers = [{ status: 503, headers: { 'retry-after': '2' }, body: '{}' }];
  const deadlineAt = performance.now() + 1_000;
  await expect(invoker().invoke({ ...call, deadlineAt })).rejects.toMatchObject({ code: 'upstream_unavailable' });
  expect(received).toHaveLength(2);
  expect(performance.now()).toBeLessThan(deadlineAt);
});
