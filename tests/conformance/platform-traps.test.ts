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

/** Every way out of the handler: its event, and what Bedrock replies. */
const waysOut: readonly (readonly [name: string, event: object | null, reply?: EmulatorReply])[] = [
  ['a stream', streaming],
  ['a whole answer', functionUrlEvent()],
  ['a whole answer of no bytes', functionUrlEvent(), answerReply('')],
  ['a preflight', preflight],
  ['a refusal', functionUrlEvent({ rawPath: '/v1' })],
  ['a foreign event', null],
  ['a connection refused by a reset', streaming, 'reset'],
  ['a stream that is reset', streaming, streamReply([text, 'reset'])],
  ['a stream that is corrupt', streaming, streamReply([text, corrupt, stop])],
  ['a stream without an end', streaming, streamReply([text])],
  ['a stream that stalls', streaming, streamReply([text, 'stall'])],
];

const names = waysOut.map(([name]) => name);

/** What came of a way out. */
interface Ending extends Pick<StreamedInvocation, 'requestId' | 'prelude' | 'preludeProblem'> {
  readonly text: string;
  readonly trailers: ResponseTrailers;
}

/** The handler gives up 300 ms after its start. */
const shortly: InvokeOptions = { deadlineMs: 10_000 };

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
  for (const [name, event, reply] of waysOut) {
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

async function stream(event: unknown, options: InvokeOptions = shortly): Promise<StreamedInvocation> {
  const answer = await sandbox.invoke(event, options);
  if (answer.mode !== 'streamed') throw new Error('The answer is not streamed.');
  return answer;
}

function endingOf(name: string): Ending {
  return endings.get(name) ?? expect.fail(`${name} did not end`);
}

describe('the traps of the platform', () => {
  it('0.3: nobody tells the function that its client left, so that its deadline has to stop the model', async () => {
    bedrock.respondWith(streamReply([text, 'stall']));
    const client = new AbortController();
    const answer = await stream(streaming, { ...shortly, signal: client.signal });
    client.abort(new Error('the client left'));
    await expect(readStreamedText(answer)).rejects.toThrow('the client left');
    const line = await sandbox.log.waitFor(new RegExp(`"request\\.end".*${answer.requestId}`));
    expect(JSON.parse(line)).toMatchObject({ terminal: 'error', code: 'deadline_exceeded', status: 200 });
    await bedrock.requests.at(-1)?.closed;
    expect(bedrock.requests.at(-1)?.aborted).toBe(true);
    bedrock.respondWith(undefined);
    expect((await invokeBundle(sandbox, streaming)).statusCode).toBe(200);
  });

  it.each(names)('0.4: the head goes out with the first write alone, so that every answer writes: %s', (name) => {
    const { requestId, prelude, preludeProblem } = endingOf(name);
    expect(preludeProblem).toBeUndefined();
    expect(prelude).toMatchObject({ statusCode: expect.any(Number), headers: { 'x-request-id': requestId } });
  });

  it.each(names)('0.5: an empty body may hang, so that every body holds a byte: %s', (name) => {
    expect(endingOf(name).text.length).toBeGreaterThan(0);
  });

  it('0.6: a destroyed response stream ends the process, so that no failure of a source destroys it', () => {
    expect(endings.size).toBe(waysOut.length);
    expect(sandbox.coldStarts).toBe(1);
  });

  it('0.7: an answer without an end hangs until the timeout, so that it ends before, whatever Bedrock does', async () => {
    for (const reply of ['stall', streamReply(['stall']), streamReply([text, 'stall'])] as const) {
      bedrock.respondWith(reply);
      const began = performance.now();
      const answer = await readStreamedText(await stream(streaming));
      expect(performance.now() - began).toBeLessThan(5_000);
      expect(answer).toMatch(/"code":"deadline_exceeded"/);
    }
  });

  it.each(names)('0.8: a throw leaks its stack in the trailers, so that nothing is thrown: %s', (name) => {
    const { text: answer, trailers } = endingOf(name);
    expect(answer).not.toMatch(/\bat .*:\d+:\d+|node:internal|\.mjs/);
    expect(trailers).toEqual({});
  });

  it("0.9: AWS_BEARER_TOKEN_BEDROCK is the SDK's own variable, and overrides the role, but no credentials that are given", async () => {
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

  it('0.10: CORS of two owners doubles its headers, and the challenge is renamed, so that one owner names both names', async () => {
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

  it('0.11: an HTTP API alone decodes paths, so that no encoded path means anything but itself', async () => {
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
