import { request } from 'node:http';
import { invokeModel } from '@bedrock-proxy/core';
import { createBedrockInvoker } from '@bedrock-proxy/core/bedrock';
import {
  answerReply,
  type EmulatorReply,
  encodeChunkFrame,
  startBedrockEmulator,
  streamReply,
} from '@bedrock-proxy/testing/emulator';
import {
  functionUrlFront,
  type InvokeOptions,
  type LambdaSandbox,
  type ResponseTrailers,
  readStreamedText,
  type StreamedInvocation,
  serveFront,
} from '@bedrock-proxy/testing/lambda';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { bundles, startBundle } from './bundles.ts';
import { invokeBundle } from './invoke-bundle.ts';
import { body, functionUrlEvent, httpApiEvent, restApiEvent } from './lambda-events.ts';

const streaming = functionUrlEvent({ body: JSON.stringify({ ...JSON.parse(body), stream: true }) });
const preflight = functionUrlEvent({ requestContext: { http: { method: 'OPTIONS', sourceIp: '192.0.2.1' } } });
const text = encodeChunkFrame({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hel' } });
const stop = encodeChunkFrame({ type: 'message_stop' });
const corrupt = Buffer.from(text).fill(0, 20, 40);

/** Every way in which the handler can end: a name, its event and Bedrock's reply. */
const waysToEnd: readonly (readonly [name: string, event: object | null, reply?: EmulatorReply])[] = [
  ['a stream', streaming],
  ['a whole answer', functionUrlEvent()],
  ['an empty whole answer', functionUrlEvent(), answerReply('')],
  ['a preflight', preflight],
  ['a refusal', functionUrlEvent({ rawPath: '/v1' })],
  ['a foreign event', null],
  ['a connection that is reset before the answer', streaming, 'reset'],
  ['a stream that is reset', streaming, streamReply([text, 'reset'])],
  ['a corrupt stream', streaming, streamReply([text, corrupt, stop])],
  ['a stream without an end', streaming, streamReply([text])],
  ['a stream that stalls', streaming, streamReply([text, 'stall'])],
];

const names = waysToEnd.map(([name]) => name);

/** How an invocation ended. */
interface Ending extends Pick<StreamedInvocation, 'requestId' | 'prelude' | 'preludeProblem'> {
  readonly text: string;
  readonly trailers: ResponseTrailers;
}

/** The handler gives up 300 ms after its start. */
const shortDeadline: InvokeOptions = { deadlineMs: 10_000 };

let bedrock: Awaited<ReturnType<typeof startBedrockEmulator>>;
let sandbox: LambdaSandbox;
const endings = new Map<string, Ending>();
beforeAll(async () => {
  bedrock = await startBedrockEmulator({ paceMs: 0 });
  sandbox = await startBundle(bundles['function-url'], {
    AWS_ENDPOINT_URL_BEDROCK_RUNTIME: bedrock.url,
    BEDROCK_MAX_ATTEMPTS: '1',
    DEADLINE_MARGIN_MS: '9700',
  });
  for (const [name, event, reply] of waysToEnd) {
    bedrock.respondWith(reply);
    const answer = await stream(event);
    endings.set(name, { ...answer, text: await readStreamedText(answer), trailers: await answer.trailers });
  }
});
beforeEach(() => bedrock.respondWith(undefined));
afterAll(async () => {
  await sandbox.close();
  await bedrock.close();
});

async function stream(event: unknown, options: InvokeOptions = shortDeadline): Promise<StreamedInvocation> {
  const answer = await sandbox.invoke(event, options);
  if (answer.mode !== 'streamed') throw new Error('The answer is not streamed.');
  return answer;
}

function endingOf(name: string): Ending {
  return endings.get(name) ?? expect.fail(`${name} did not end`);
}

describe('the traps of the platform', () => {
  it('0.3: Lambda does not report that the client left, so the deadline stops the model', async () => {
    bedrock.respondWith(streamReply([text, 'stall']));
    const client = new AbortController();
    const answer = await stream(streaming, { ...shortDeadline, signal: client.signal });
    client.abort(new Error('the client left'));
    await expect(readStreamedText(answer)).rejects.toThrow('the client left');
    const line = await sandbox.log.waitFor(new RegExp(`"request\\.end".*${answer.requestId}`));
    expect(JSON.parse(line)).toMatchObject({ terminal: 'error', code: 'deadline_exceeded', status: 200 });
    await bedrock.requests.at(-1)?.closed;
    expect(bedrock.requests.at(-1)?.aborted).toBe(true);
    bedrock.respondWith(undefined);
    expect((await invokeBundle(sandbox, streaming)).statusCode).toBe(200);
  });

  it.each(names)('0.4: only the first write sends the head, so every answer writes: %s', (name) => {
    const { requestId, prelude, preludeProblem } = endingOf(name);
    expect(preludeProblem).toBeUndefined();
    expect(prelude).toMatchObject({ statusCode: expect.any(Number), headers: { 'x-request-id': requestId } });
  });

  it.each(names)('0.5: an empty body can hang, so every body has at least one byte: %s', (name) => {
    expect(endingOf(name).text.length).toBeGreaterThan(0);
  });

  it('0.6: destroying the response stream ends the process, so no failure destroys it', () => {
    expect(endings.size).toBe(waysToEnd.length);
    expect(sandbox.coldStarts).toBe(1);
  });

  it('0.7: an answer that does not end hangs until the timeout, so the handler always ends it earlier', async () => {
    for (const reply of ['stall', streamReply(['stall']), streamReply([text, 'stall'])] as const) {
      bedrock.respondWith(reply);
      const began = performance.now();
      const answer = await readStreamedText(await stream(streaming));
      expect(performance.now() - began).toBeLessThan(5_000);
      expect(answer).toMatch(/"code":"deadline_exceeded"/);
    }
  });

  it.each(names)('0.8: an exception leaks its stack in the trailers, so the handler never throws: %s', (name) => {
    const { text: answer, trailers } = endingOf(name);
    expect(answer).not.toMatch(/\bat .*:\d+:\d+|node:internal|\.mjs/);
    expect(trailers).toEqual({});
  });

  it('0.9: AWS_BEARER_TOKEN_BEDROCK overrides the role, but not explicit credentials', async () => {
    await invokeBundle(sandbox, functionUrlEvent());
    expect(bedrock.requests.at(-1)?.headers.authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=ASIA/);

    const env = { AWS_ENDPOINT_URL_BEDROCK_RUNTIME: bedrock.url, AWS_BEARER_TOKEN_BEDROCK: 'of-the-operator' };
    await using withBearer = await startBundle(bundles['function-url'], env);
    await invokeBundle(withBearer, functionUrlEvent({ headers: { authorization: 'Bearer of-the-client' } }));
    expect(bedrock.requests.at(-1)?.headers.authorization).toBe('Bearer of-the-operator');

    vi.stubEnv('AWS_BEARER_TOKEN_BEDROCK', 'of-the-operator');
    try {
      const credentials = { accessKeyId: 'GIVEN', secretAccessKey: 'secret' };
      const invoker = createBedrockInvoker({ region: 'us-east-1', endpoint: bedrock.url, credentials });
      const { modelId, ...payload } = JSON.parse(body);
      await invokeModel(invoker, { modelId, payload });
    } finally {
      vi.unstubAllEnvs();
    }
    expect(bedrock.requests.at(-1)?.headers.authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=GIVEN\//);
  });

  it('0.10: only the handler sets CORS headers, and it exposes both names of the remapped challenge', async () => {
    const env = { AWS_ENDPOINT_URL_BEDROCK_RUNTIME: bedrock.url, AUTH_TOKEN: 'a-token-of-these-traps' };
    await using locked = await startBundle(bundles['function-url'], env);
    await using front = await serveFront(functionUrlFront(locked.invoke));
    const rawHeaders = await new Promise<string[]>((resolve, reject) => {
      request(front.url, { method: 'POST', agent: false }, (answer) => resolve(answer.resume().rawHeaders))
        .on('error', reject)
        .end(body);
    });
    const names = rawHeaders.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
    expect(names.filter((name) => name === 'access-control-allow-origin')).toHaveLength(1);
    expect(names).toContain('x-amzn-remapped-www-authenticate');
    expect(names).not.toContain('www-authenticate');
    const exposed = rawHeaders[rawHeaders.indexOf('access-control-expose-headers') + 1] ?? '';
    expect(exposed.split(', ')).toEqual(
      expect.arrayContaining(['www-authenticate', 'x-amzn-remapped-www-authenticate']),
    );
  });

  it('0.11: only an HTTP API decodes paths, so the handler never decodes one', async () => {
    const env = { AWS_ENDPOINT_URL_BEDROCK_RUNTIME: bedrock.url };
    await using buffered = await startBundle(bundles['api-gateway'], env);
    for (const path of ['/caf%C3%A9', '/a%20b', '/a%2Fb', '/%', '/%E0%A4%A']) {
      expect((await invokeBundle(sandbox, functionUrlEvent({ rawPath: path }))).statusCode, path).toBe(200);
      const rest = restApiEvent({ path, pathParameters: { proxy: path.slice(1) } });
      expect((await invokeBundle(buffered, rest)).statusCode, path).toBe(200);
    }
    for (const path of ['/café', '/a b', '/a/b', '/%', '/\ufffd']) {
      expect((await invokeBundle(buffered, httpApiEvent(path))).statusCode, path).toBe(200);
    }
  });
});
