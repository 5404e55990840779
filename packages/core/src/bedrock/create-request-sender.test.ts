import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import {
  BedrockRuntimeClient,
  type BedrockRuntimeClientConfig,
  InvokeModelCommand,
  type InvokeModelCommandInput,
  InvokeModelWithResponseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { HttpRequest, HttpResponse } from '@smithy/core/transport';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type HttpTransport, readBody } from '../aws/create-http-transport.js';
import type { ModelCall } from '../ports/model-invoker.js';
import { requestOf } from './create-bedrock-invoker.js';
import { createRequestSender, type SendRequest } from './create-request-sender.js';

type Environment = Readonly<Record<string, string>>;
type Config = Partial<BedrockRuntimeClientConfig>;
type Mode = 'whole' | 'stream';
type Answer = (attempt: number) => HttpResponse | Error;

const keys: Environment = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'example-key' };
const basics: Environment = {
  ...keys,
  AWS_REGION: 'eu-central-1',
  AWS_CONFIG_FILE: '/none',
  AWS_SHARED_CREDENTIALS_FILE: '/none',
};
const now = new Date('2026-03-04T05:06:07Z');
const body = Buffer.from('{"messages":[{"role":"user","content":"grüße"}]}');
const plain = { modelId: 'anthropic.claude-v2', body, options: {} };

const answering =
  (statusCode: number, headers: Readonly<Record<string, string>>, text: string): Answer =>
  () =>
    new HttpResponse({ statusCode, headers: { ...headers }, body: Readable.from([Buffer.from(text)]) });
const accepting = answering(200, { 'content-type': 'application/json', 'x-amzn-requestid': 'r-1' }, '{}');

// Imported before, because an import cannot end while the clock stands still.
beforeAll(() => import('./wait-for-retry.js'));
beforeEach(() => {
  vi.useFakeTimers({ now, toFake: ['Date', 'setTimeout', 'clearTimeout'] });
  // The pauses between attempts are random.
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
  for (const name of Object.keys(process.env)) if (/^(AWS_|_X_AMZN_)/.test(name)) vi.stubEnv(name, undefined);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

/** A client that records its requests and gets each response from `answer`. */
function clientOf(config: Config, answer: Answer) {
  vi.setSystemTime(now);
  const requests: HttpRequest[] = [];
  const client = new BedrockRuntimeClient({
    ...config,
    requestHandler: {
      handle: async (request: HttpRequest) => {
        requests.push({ ...request, headers: { ...request.headers } } as HttpRequest);
        const response = answer(requests.length);
        if (response instanceof Error) throw response;
        return { response };
      },
      metadata: { handlerProtocol: 'http/1.1' },
      updateHttpClientConfig: () => undefined,
      httpHandlerConfigs: () => ({}),
    },
  });
  return { client, requests };
}

async function outcomeOf(sending: Promise<unknown>): Promise<unknown> {
  let outcome: unknown;
  sending.then(
    () => {
      outcome = 'accepted';
    },
    (error: unknown) => {
      outcome = error;
    },
  );
  while (outcome === undefined) {
    await setImmediate();
    if (vi.getTimerCount() > 0) await vi.advanceTimersToNextTimerAsync();
  }
  return outcome;
}

/** The requests and the outcome of a call through the client of the SDK. */
async function bySdk(call: InvokeModelCommandInput, mode: Mode, config: Config, answer: Answer) {
  const { client, requests } = clientOf(config, answer);
  const Command = mode === 'whole' ? InvokeModelCommand : InvokeModelWithResponseStreamCommand;
  const input = { contentType: 'application/json', accept: 'application/json', ...call };
  const outcome = await outcomeOf(client.send(new Command(input) as InvokeModelCommand));
  return { requests, outcome, config: client.config };
}

/** A sender that records its requests and gets each answer from `answer`. */
function senderOf(config: Config, answer: Answer) {
  const { client } = clientOf(config, answer);
  const requests: HttpRequest[] = [];
  const transport: HttpTransport = {
    async post({ target: { protocol, hostname, port }, ...request }) {
      const target = { protocol, hostname, ...(port !== undefined && { port }) };
      requests.push(new HttpRequest({ ...target, ...request, headers: { ...request.headers }, method: 'POST' }));
      const given = answer(requests.length);
      if (given instanceof Error) throw given;
      const { statusCode, headers, body: answered } = given;
      return Object.assign(answered as Readable, { statusCode, headers });
    },
    close() {},
  };
  return { send: createRequestSender(client.config, transport), requests };
}

/** The requests and the outcome of the same call through `createRequestSender`. */
async function bySender(
  call: Pick<ModelCall, 'modelId' | 'body' | 'options'>,
  mode: Mode,
  config: Config,
  answer: Answer,
) {
  const { send, requests } = senderOf(config, answer);
  const request = requestOf({ operation: 'invoke-model', signal: new AbortController().signal, ...call }, mode);
  const outcome = await outcomeOf(
    send(request, async (answered) => (mode === 'whole' ? await readBody(answered) : answered)),
  );
  return { requests, outcome, send };
}

/** The comparable parts of a request. Each request has another invocation id, which the signature covers. */
function comparable({ headers, body: sent, query, ...request }: HttpRequest): object {
  const {
    'amz-sdk-invocation-id': id,
    authorization,
    ...rest
  } = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  expect(id).toMatch(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
  return {
    ...JSON.parse(JSON.stringify(request)),
    query: { ...query },
    body: Buffer.from(sent).toString(),
    headers: { ...rest, authorization: authorization?.replace(/Signature=[\da-f]{64}$/, 'Signature=') },
  };
}

function setEnvironment(environment: Environment): void {
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
}

describe('a request of createRequestSender equals that of the SDK', () => {
  it.each<[name: string, environment: Environment, config?: Config]>([
    ['by default', {}],
    ['in another partition', { AWS_REGION: 'cn-north-1' }],
    ['with FIPS', { AWS_REGION: 'us-gov-west-1', AWS_USE_FIPS_ENDPOINT: 'true' }],
    ['with dual stack', { AWS_USE_DUALSTACK_ENDPOINT: 'true' }],
    ['with a session', { AWS_SESSION_TOKEN: 'session' }],
    ['with a bearer token of Bedrock', { AWS_BEARER_TOKEN_BEDROCK: 'bedrock-api-key' }],
    ['with a preference of schemes', { AWS_BEARER_TOKEN_BEDROCK: 'key', AWS_AUTH_SCHEME_PREFERENCE: 'sigv4' }],
    ['to an endpoint of its own', { AWS_ENDPOINT_URL_BEDROCK_RUNTIME: 'http://127.0.0.1:8080' }],
    ['to an endpoint below a path', { AWS_ENDPOINT_URL: 'https://vpce.example.com/base' }],
    ['to an endpoint with more than a path', {}, { endpoint: 'https://me:secret@example.com:8443/a/b?c=d&e=f' }],
    [
      'with configured endpoints ignored',
      { AWS_ENDPOINT_URL: 'https://x', AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' },
    ],
    ['from an application', { AWS_SDK_UA_APP_ID: 'my app/1' }],
    ['from Lambda', { AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x', AWS_LAMBDA_FUNCTION_NAME: 'f' }],
    ['with a trace', { AWS_LAMBDA_FUNCTION_NAME: 'f', _X_AMZN_TRACE_ID: 'Root=1-5759e988-bd862e3fe1be46a994272793' }],
    ['with other retries', { AWS_RETRY_MODE: 'adaptive', AWS_MAX_ATTEMPTS: '7' }],
    ['with credentials of its own', {}, { credentials: { accessKeyId: 'AKIDOTHER', secretAccessKey: 'other' } }],
    ['in a region of its own', {}, { region: 'ap-south-1', maxAttempts: 1 }],
    ['with a user agent of its own', {}, { customUserAgent: [['mine', '1.0']] }],
    ['with a token of its own', {}, { token: { token: 'mine' }, authSchemePreference: ['httpBearerAuth'] }],
    [
      'to an endpoint with headers of its own',
      {},
      { endpoint: { url: new URL('https://vpce.example.com/base'), headers: { 'X-Tenant': ['a', 'b'] } } },
    ],
  ])('%s', async (_, environment, config: Config = {}) => {
    setEnvironment({ ...basics, ...environment });
    for (const mode of ['whole', 'stream'] as const) {
      const expected = await bySdk(plain, mode, config, accepting);
      const { requests, outcome } = await bySender(plain, mode, config, accepting);
      expect(outcome).toBe('accepted');
      expect(requests.map(comparable)).toEqual(expected.requests.map(comparable));
      expect(requests).toHaveLength(1);
    }
  });

  it.each<
    readonly [name: string, call: Pick<ModelCall, 'modelId' | 'options'>, input: Partial<InvokeModelCommandInput>]
  >([
    ['to an ARN', { modelId: 'arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/a b' }, {}],
    ['to a model with special characters', { modelId: "m!'()*~é%2F?#&" }, {}],
    [
      'with a guardrail',
      { modelId: 'm', options: { guardrail: { id: 'g', version: '1', trace: 'ENABLED_FULL' } } },
      { guardrailIdentifier: 'g', guardrailVersion: '1', trace: 'ENABLED_FULL' },
    ],
    [
      'with a guardrail without trace',
      { modelId: 'm', options: { guardrail: { id: 'g', version: 'DRAFT' } } },
      { guardrailIdentifier: 'g', guardrailVersion: 'DRAFT' },
    ],
    [
      'with a tier and a latency',
      { modelId: 'm', options: { serviceTier: 'flex', performanceLatency: 'optimized' } },
      { serviceTier: 'flex', performanceConfigLatency: 'optimized' },
    ],
  ])('%s', async (_, call, input) => {
    setEnvironment(basics);
    for (const mode of ['whole', 'stream'] as const) {
      const expected = await bySdk({ ...input, modelId: call.modelId, body }, mode, {}, accepting);
      const { requests } = await bySender({ ...call, body }, mode, {}, accepting);
      expect(requests.map(comparable)).toEqual(expected.requests.map(comparable));
    }
  });

  it('with new credentials each time', async () => {
    setEnvironment(basics);
    let asked = 0;
    const credentials = async () => {
      asked += 1;
      return { accessKeyId: `AKID${asked}`, secretAccessKey: 'k', expiration: new Date(Date.now() + 1_000) };
    };
    const { send, requests } = senderOf({ credentials }, accepting);
    for (let count = 0; count < 3; count += 1) {
      const call = { operation: 'invoke-model', ...plain, signal: new AbortController().signal } as const;
      await send(requestOf(call, 'whole'), (answered) => answered);
    }
    const users = requests.map(({ headers }) => /Credential=(\w+)\//.exec(headers['authorization'] ?? '')?.[1]);
    expect(new Set(users).size).toBe(3);
    expect(new Set(requests.map(({ headers }) => headers['amz-sdk-invocation-id'])).size).toBe(3);
  });

  it('as soon as there is a region that was missing before', async () => {
    setEnvironment({ ...basics, AWS_REGION: '' });
    let region: string | undefined;
    const { send, requests } = senderOf(
      {
        region: async () => {
          if (region === undefined) throw new Error('no region yet');
          return region;
        },
      },
      accepting,
    );
    const request = () =>
      requestOf({ operation: 'invoke-model', ...plain, signal: new AbortController().signal }, 'whole');
    await expect(send(request(), (answered) => answered)).rejects.toThrow('no region yet');
    region = 'eu-west-3';
    await send(request(), (answered) => answered);
    expect(requests.map(({ hostname }) => hostname)).toEqual(['bedrock-runtime.eu-west-3.amazonaws.com']);
  });
});

it('createRequestSender sends nothing with an empty bearer token, as the SDK', async () => {
  setEnvironment({ ...basics, AWS_BEARER_TOKEN_BEDROCK: '' });
  const expected = await bySdk(plain, 'whole', {}, accepting);
  const { requests, outcome } = await bySender(plain, 'whole', {}, accepting);
  expect([expected.requests, requests]).toEqual([[], []]);
  expect(outcome).toMatchObject({ name: 'TokenProviderError', message: 'The bearer token for Bedrock is empty.' });
});

it('createRequestSender resolves the endpoint only once, and again after a failure', async () => {
  setEnvironment(basics);
  const endpoint = vi
    .fn(async () => ({ url: new URL('https://vpce.example.com') }))
    .mockRejectedValueOnce(new Error('no endpoint yet'));
  const { send, requests } = senderOf({ endpoint }, accepting);
  const call = { operation: 'invoke-model', ...plain, signal: new AbortController().signal } as const;
  await expect(send(requestOf(call, 'whole'), (answered) => answered)).rejects.toThrow('no endpoint yet');
  await send(requestOf(call, 'whole'), (answered) => answered);
  const asked = endpoint.mock.calls.length;
  await send(requestOf(call, 'whole'), (answered) => answered);
  expect(requests.map(({ hostname }) => hostname)).toEqual(['vpce.example.com', 'vpce.example.com']);
  expect(endpoint).toHaveBeenCalledTimes(asked);
});

const named = (name: string) => ({
  'x-amzn-errortype': `${name}:http://internal.amazon.com/`,
  'x-amzn-requestid': 'r',
});
const errorBody = '{"message":"a reason"}';

/** The time for which the next request is signed. */
async function dateOfNext(send: SendRequest, requests: readonly HttpRequest[]): Promise<string | undefined> {
  const call = { operation: 'invoke-model', ...plain, signal: new AbortController().signal } as const;
  const sent = requests.length;
  await outcomeOf(send(requestOf(call, 'whole'), (answered) => answered));
  return requests[sent]?.headers['x-amz-date'];
}

function dateAfter(offset: number): string {
  return new Date(Date.now() + offset).toISOString().replace(/[-:]|\.\d{3}/g, '');
}

it('createRequestSender takes the time from the head of an answer, because its body may take minutes', async () => {
  setEnvironment(basics);
  const slow: Answer = () => {
    const late = new Readable({
      read() {
        vi.setSystemTime(now.getTime() + 600_000);
        this.push('{}');
        this.push(null);
      },
    });
    return new HttpResponse({ statusCode: 200, headers: { date: now.toUTCString() }, body: late });
  };
  const { requests, send } = await bySender(plain, 'whole', {}, slow);
  expect(await dateOfNext(send, requests)).toBe(dateAfter(0));
});

describe('an error of createRequestSender', () => {
  it.each<readonly [name: string, attempts: number, answer: Answer]>([
    ['ValidationException', 1, answering(400, named('ValidationException'), errorBody)],
    ['AccessDeniedException', 1, answering(403, named('AccessDeniedException'), errorBody)],
    ['ResourceNotFoundException', 1, answering(404, named('ResourceNotFoundException'), errorBody)],
    ['ModelTimeoutException', 1, answering(408, named('ModelTimeoutException'), errorBody)],
    ['ModelErrorException', 1, answering(424, named('ModelErrorException'), errorBody)],
    ['ThrottlingException', 3, answering(429, named('ThrottlingException'), errorBody)],
    ['ModelNotReadyException', 3, answering(429, named('ModelNotReadyException'), errorBody)],
    ['ModelNotReadyException with another status', 3, answering(424, named('ModelNotReadyException'), errorBody)],
    ['ThrottlingException with another status', 3, answering(400, named('ThrottlingException'), errorBody)],
    [
      'a name with a namespace and a URL',
      1,
      answering(400, { 'x-amzn-errortype': 'com.amazon.x#ValidationException:http://a/b#c' }, errorBody),
    ],
    ['a request id in a second header', 1, answering(400, { 'x-amzn-request-id': 'other' }, errorBody)],
    ['a request id in a third header', 1, answering(400, { 'x-amz-request-id': 'third' }, errorBody)],
    ['InternalServerException', 3, answering(500, named('InternalServerException'), errorBody)],
    ['ServiceUnavailableException', 3, answering(503, named('ServiceUnavailableException'), errorBody)],
    ['an unknown name', 1, answering(418, named('TeapotException'), errorBody)],
    ['a name in the body', 1, answering(400, {}, '{"__type":"com.amazon#ValidationException","Message":"a reason"}')],
    [
      'an expired signature',
      3,
      answering(403, named('InvalidSignatureException'), '{"message":"Signature expired: x"}'),
    ],
    ['a connection reset', 3, () => Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' })],
    ['a programming error', 1, () => new TypeError('oops')],
  ])('equals that of the SDK for %s', async (_, attempts, answer) => {
    setEnvironment(basics);
    for (const mode of ['whole', 'stream'] as const) {
      const expected = await bySdk(plain, mode, {}, answer);
      const { requests, outcome } = await bySender(plain, mode, {}, answer);
      expect(requests.map(comparable)).toEqual(expected.requests.map(comparable));
      expect(requests).toHaveLength(attempts);
      expect(new Set(requests.map(({ headers }) => headers['amz-sdk-invocation-id'])).size).toBe(1);
      const { name, message, $metadata, $response } = expected.outcome as Error & Record<string, unknown>;
      const { httpStatusCode, requestId, attempts: counted } = $metadata as Record<string, unknown>;
      const defined = Object.entries({ httpStatusCode, requestId, attempts: counted }).filter(
        ([, value]) => value !== undefined,
      );
      expect(outcome).toMatchObject({ name, message, $metadata: Object.fromEntries(defined) });
      expect(counted).toBe(attempts);
      expect(Boolean((outcome as Record<string, unknown>)['$response'])).toBe(Boolean($response));
    }
  });

  it.each<readonly [place: string, headers: (time: Date) => object, text: (time: Date) => string]>([
    ['by its date', (time) => ({ date: time.toUTCString() }), () => errorBody],
    ['in its body', () => ({}), (time) => JSON.stringify({ message: 'a reason', ServerTime: time.toUTCString() })],
  ])('that shows a wrong clock %s corrects the clock and causes a retry', async (_, headers, text) => {
    setEnvironment(basics);
    const time = new Date(now.getTime() + 3_600_000);
    const refusing = answering(403, { ...named('SignatureDoesNotMatch'), ...headers(time) }, text(time));
    const answer: Answer = (attempt) => (attempt === 1 ? refusing : accepting)(attempt);
    const expected = await bySdk(plain, 'whole', {}, answer);
    const { requests, outcome, send } = await bySender(plain, 'whole', {}, answer);
    expect([expected.outcome, outcome]).toEqual(['accepted', 'accepted']);
    expect(requests.map(comparable)).toEqual(expected.requests.map(comparable));
    expect(requests[1]?.headers['x-amz-date']).toMatch(/^20260304T0606/);
    expect(await dateOfNext(send, requests)).toBe(dateAfter(expected.config.systemClockOffset));
  });

  it('that shows a wrong clock changes nothing if the settings keep the clock', async () => {
    setEnvironment(basics);
    const date = new Date(now.getTime() + 3_600_000).toUTCString();
    const answer = answering(403, { ...named('SignatureDoesNotMatch'), date }, errorBody);
    const config: Config = { disableClockSkewCorrection: true };
    const expected = await bySdk(plain, 'whole', config, answer);
    const { requests, send } = await bySender(plain, 'whole', config, answer);
    expect(requests.map(comparable)).toEqual(expected.requests.map(comparable));
    expect(await dateOfNext(send, requests)).toBe(dateAfter(0));
  });

  it.each(['whole', 'stream'] as const)(
    'that shows a wrong clock again leaves the same clock offset as the SDK, for %s',
    async (mode) => {
      setEnvironment(basics);
      const date = new Date(now.getTime() + 3_600_000).toUTCString();
      const answer = answering(403, { ...named('SignatureDoesNotMatch'), date }, errorBody);
      const expected = await bySdk(plain, mode, {}, answer);
      const { requests, send } = await bySender(plain, mode, {}, answer);
      expect(requests.map(comparable)).toEqual(expected.requests.map(comparable));
      expect(await dateOfNext(send, requests)).toBe(dateAfter(expected.config.systemClockOffset));
    },
  );

  it.each([
    [299, 'accepted'],
    [300, { $metadata: { httpStatusCode: 300, attempts: 1 } }],
  ])('requires a status of at least 300: %s', async (status, expected) => {
    setEnvironment(basics);
    const { outcome } = await bySender(plain, 'whole', {}, answering(status, {}, '{}'));
    if (typeof expected === 'string') expect(outcome).toBe(expected);
    else expect(outcome).toMatchObject(expected);
  });

  it('for an HTML page of a gateway causes retries and has its status', async () => {
    setEnvironment(basics);
    const { requests, outcome } = await bySender(plain, 'whole', {}, answering(502, {}, '<html>Bad gateway</html>'));
    expect(requests).toHaveLength(3);
    expect(outcome).toMatchObject({ name: 'Unknown', $metadata: { httpStatusCode: 502, attempts: 3 } });
  });

  it('is thrown for a redirect, which is not followed', async () => {
    setEnvironment(basics);
    const { requests, outcome } = await bySender(plain, 'whole', {}, answering(307, { location: 'https://x' }, ''));
    expect(requests).toHaveLength(1);
    expect(outcome).toMatchObject({ $metadata: { httpStatusCode: 307 } });
  });

  it('does not have its response as an enumerable property', async () => {
    setEnvironment(basics);
    const { outcome } = await bySender(plain, 'whole', {}, answering(400, named('ValidationException'), errorBody));
    expect(Object.keys(outcome as object)).not.toContain('$response');
  });
});

/** Differences from the SDK on purpose: a client is told of a long wait instead of waiting for it unseen. */
describe('createRequestSender asks once, unlike the SDK,', () => {
  const errorType = named('ThrottlingException');
  it.each<readonly [name: string, answer: Answer]>([
    ['if Bedrock asks for a wait of over 2 s', answering(429, { ...errorType, 'retry-after': '3' }, errorBody)],
    [
      'if Bedrock asks for a wait until a time',
      answering(503, { 'retry-after': new Date(now.getTime() + 60_000).toUTCString() }, errorBody),
    ],
    ['if a quota of a day is used up', answering(429, errorType, '{"message":"Too many tokens per day"}')],
  ])('%s', async (_, answer) => {
    setEnvironment(basics);
    const expected = await bySdk(plain, 'whole', {}, answer);
    const { requests, outcome } = await bySender(plain, 'whole', {}, answer);
    expect([expected.requests.length, requests.length]).toEqual([3, 1]);
    const { name, message } = expected.outcome as Error;
    expect(outcome).toMatchObject({ name, message, $metadata: { attempts: 1 } });
  });

  it('and as often as the SDK if the wait is shorter', async () => {
    setEnvironment(basics);
    const answer = answering(429, { ...errorType, 'retry-after': '2' }, errorBody);
    const expected = await bySdk(plain, 'whole', {}, answer);
    const { requests } = await bySender(plain, 'whole', {}, answer);
    expect([expected.requests.length, requests.length]).toEqual([3, 3]);
  });
});

it('createRequestSender learns the time from accepted answers too, as the SDK does', async () => {
  setEnvironment(basics);
  const date = new Date(now.getTime() + 3_600_000).toUTCString();
  const answer = answering(200, { date }, '{}');
  const expected = await bySdk(plain, 'whole', {}, answer);
  const { requests, send } = await bySender(plain, 'whole', {}, answer);
  expect(expected.config.systemClockOffset).toBe(3_600_000);
  expect(await dateOfNext(send, requests)).toBe(dateAfter(3_600_000));
});

it.each([null, 'a text'])('createRequestSender rejects with an error if %j is thrown', async (thrown) => {
  setEnvironment(basics);
  const request = requestOf({ operation: 'invoke-model', signal: new AbortController().signal, ...plain }, 'whole');
  const { send } = senderOf({}, accepting);
  const failing = async () => {
    throw thrown;
  };
  await expect(send(request, failing)).rejects.toMatchObject({ message: String(thrown) });
  const transport: HttpTransport = { post: failing, close() {} };
  const unconnected = createRequestSender(clientOf({}, accepting).client.config, transport);
  await expect(unconnected(request, readBody)).rejects.toMatchObject({ message: String(thrown) });
});

/** Breaks off while its body is read. */
const cut: Answer = () =>
  new HttpResponse({
    statusCode: 200,
    headers: { 'x-amzn-requestid': 'r-0' },
    body: new Readable({
      read() {
        this.destroy(Object.assign(new Error('aborted'), { code: 'ECONNRESET' }));
      },
    }),
  });

it('createRequestSender retries if an answer breaks off while it is read', async () => {
  setEnvironment(basics);
  const answer: Answer = (attempt) => (attempt === 2 ? accepting : cut)(attempt);
  const { requests, outcome } = await bySender(plain, 'whole', {}, answer);
  expect([requests.length, outcome]).toEqual([2, 'accepted']);
});

it('createRequestSender rejects with metadata if every answer breaks off', async () => {
  setEnvironment(basics);
  const { requests, outcome } = await bySender(plain, 'whole', {}, cut);
  expect(requests).toHaveLength(3);
  expect(outcome).toMatchObject({ $metadata: { httpStatusCode: 200, requestId: 'r-0', attempts: 3 } });
});
