import { connect } from 'node:net';
import {
  BedrockRuntimeClient,
  CountTokensCommand,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { encodeChunkFrame } from './encode-chunk-frame.js';
import { encodeExceptionFrame } from './encode-exception-frame.js';
import { exceptionReply } from './exception-reply.js';
import { type BedrockEmulator, startBedrockEmulator } from './start-bedrock-emulator.js';
import { streamReply } from './stream-reply.js';

const modelId = 'eu.anthropic.claude-sonnet-4-5-20250929-v1:0';
const opaqueArn = 'arn:aws:bedrock:us-west-2:111122223333:application-inference-profile/a1babba1b11x';
const payload = { anthropic_version: 'bedrock-2023-05-31', max_tokens: 500, messages: [{ role: 'user', content: 'Grüße, 世界' }] };

let emulator: BedrockEmulator;
const clients: BedrockRuntimeClient[] = [];

beforeEach(async () => {
  emulator = await startBedrockEmulator({ paceMs: 0 });
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await emulator.close();
});

const transports = { 'HTTP/2': () => ({}), 'HTTP/1.1': () => ({ requestHandler: new NodeHttpHandler() }) };

function createClient(transport: keyof typeof transports = 'HTTP/1.1') {
  const client = new BedrockRuntimeClient({
    region: 'eu-west-1',
    endpoint: emulator.url,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
    maxAttempts: 1,
    ...transports[transport](),
  });
  clients.push(client);
  return client;
}

const invoke = (body: unknown = payload, id = modelId) =>
  new InvokeModelCommand({ modelId: id, body: typeof body === 'string' ? body : JSON.stringify(body) });
const streamed = (body: unknown = payload, id = modelId) =>
  new InvokeModelWithResponseStreamCommand({ modelId: id, body: JSON.stringify(body) });

interface ClaudeChunk {
  readonly type: string;
  readonly delta?: { readonly text?: string; readonly stop_reason?: string };
  readonly 'amazon-bedrock-invocationMetrics'?: { readonly outputTokenCount: number };
}

async function readChunks(client: BedrockRuntimeClient, command = streamed(), signal?: AbortSignal) {
  const chunks: ClaudeChunk[] = [];
  const { body } = await client.send(command, signal ? { abortSignal: signal } : {});
  for await (const { chunk } of body ?? []) chunks.push(JSON.parse(Buffer.from(chunk?.bytes ?? []).toString()));
  return chunks;
}
const textOf = (chunks: ClaudeChunk[]) => chunks.map(({ delta }) => delta?.text ?? '').join('');

/** What a server sends back to these bytes before it closes, or before `until` appears. */
function exchangeBytes(until: string, ...writes: (string | Uint8Array)[]): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = '';
    const socket = connect({ port: emulator.port, host: '127.0.0.1', noDelay: true });
    socket.on('error', reject).on('close', () => resolve(received));
    socket.on('data', (bytes) => {
      received += bytes.toString('latin1');
      if (received.includes(until)) socket.destroy();
    });
    for (const bytes of writes) socket.write(bytes);
  });
}

describe.each(Object.keys(transports) as (keyof typeof transports)[])('a stock SDK client over %s', (transport) => {
  it('reads a whole answer with its headers', async () => {
    const { body, contentType, $metadata } = await createClient(transport).send(invoke());
    const answer = JSON.parse(body.transformToString());
    expect(contentType).toBe('application/json');
    expect($metadata.requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(answer).toMatchObject({ type: 'message', role: 'assistant', stop_reason: 'end_turn' });
    expect(answer.content[0].text).toContain('“Grüße, 世界”');
    expect(emulator.requests[0]).toMatchObject({
      method: 'POST',
      path: '/model/eu.anthropic.claude-sonnet-4-5-20250929-v1%3A0/invoke',
      target: { modelId, operation: 'invoke' },
      httpVersion: transport === 'HTTP/2' ? '2.0' : '1.1',
      aborted: false,
    });
    expect(emulator.requests[0]?.json()).toEqual(payload);
  });

  it('streams the same answer word by word, to its end marker', async () => {
    const client = createClient(transport);
    const chunks = await readChunks(client);
    const whole = JSON.parse((await client.send(invoke())).body.transformToString());
    expect(textOf(chunks)).toBe(whole.content[0].text);
    expect(chunks.filter(({ delta }) => delta?.text !== undefined).length).toBeGreaterThan(10);
    expect(chunks.at(0)?.type).toBe('message_start');
    expect(chunks.at(-1)?.['amazon-bedrock-invocationMetrics']?.outputTokenCount).toBe(whole.usage.output_tokens);
  });

  it('takes an ARN whose model nobody can tell', async () => {
    expect(textOf(await readChunks(createClient(transport), streamed(payload, opaqueArn)))).toContain('世界');
    expect(emulator.requests[0]?.target?.modelId).toBe(opaqueArn);
  });

  it.each(['{', '[]', '{"max_tokens":5}', '{"messages":[{"role":"user","content":"x"}]}'])(
    'is refused for the body %s',
    async (body) => {
      const failure = createClient(transport).send(invoke(body));
      await expect(failure).rejects.toMatchObject({ name: 'ValidationException', $metadata: { httpStatusCode: 400 } });
    },
  );

  it('ends the answer when it leaves', async () => {
    await emulator.close();
    emulator = await startBedrockEmulator({ paceMs: 60_000 });
    const controller = new AbortController();
    const reading = readChunks(createClient(transport), streamed(), controller.signal).catch(() => undefined);
    await vi.waitFor(() => expect(emulator.requests).toHaveLength(1));
    expect(emulator.requests[0]?.aborted).toBe(false);
    const leftAt = performance.now();
    controller.abort();
    await emulator.requests[0]?.closed;
    expect(emulator.requests[0]?.aborted).toBe(true);
    expect((emulator.requests[0]?.closedAt ?? 0) - leftAt).toBeLessThan(250);
    await reading;
  });

  it('sees the exact frames that a test scripts, and the exception among them', async () => {
    emulator.respondWith(
      streamReply([encodeChunkFrame({ type: 'a' }), { pauseMs: 1 }, encodeExceptionFrame('throttlingException', 'Slow.')]),
    );
    const seen: unknown[] = [];
    const { body } = await createClient(transport).send(streamed());
    const reading = (async () => {
      for await (const { chunk } of body ?? []) seen.push(JSON.parse(Buffer.from(chunk?.bytes ?? []).toString()));
    })();
    await expect(reading).rejects.toMatchObject({ name: 'ThrottlingException', message: 'Slow.' });
    expect(seen).toEqual([{ type: 'a' }]);
  });

  it('is told of an operation that the emulator does not play', async () => {
    const count = new CountTokensCommand({ modelId, input: { invokeModel: { body: Buffer.from('{}') } } });
    await expect(createClient(transport).send(count)).rejects.toThrow(/plays InvokeModel .* does not support POST .*count-tokens/);
  });
});

describe('the emulated model', () => {
  it('stops at max_tokens', async () => {
    const chunks = await readChunks(createClient(), streamed({ ...payload, max_tokens: 3 }));
    expect(chunks.find(({ type }) => type === 'message_delta')?.delta?.stop_reason).toBe('max_tokens');
    expect(chunks.at(-1)?.['amazon-bedrock-invocationMetrics']?.outputTokenCount).toBeLessThanOrEqual(3);
  });

  it('refuses members that belong to a proxy and not to Claude', async () => {
    const refused = createClient().send(invoke({ ...payload, stream: true }));
    await expect(refused).rejects.toThrow('extraneous key [stream] is not permitted');
  });

  it('says so when it does not play a model', async () => {
    await expect(createClient().send(invoke(payload, 'meta.llama3-8b-instruct-v1:0'))).rejects.toThrow('does not play this model');
    await expect(createClient().send(invoke(payload, 'claude'))).rejects.toThrow('The provided model identifier is invalid.');
  });

  it('reports its token counts in headers', async () => {
    const { hostname, port } = new URL(emulator.url);
    const path = `/model/${encodeURIComponent(modelId)}/invoke`;
    const response = await fetch(`http://${hostname}:${port}${path}`, { method: 'POST', body: JSON.stringify(payload) });
    const { usage } = (await response.json()) as { usage: { input_tokens: number; output_tokens: number } };
    expect(usage.input_tokens).toBeGreaterThan(0);
    expect(response.headers.get('x-amzn-bedrock-input-token-count')).toBe(String(usage.input_tokens));
    expect(response.headers.get('x-amzn-bedrock-output-token-count')).toBe(String(usage.output_tokens));
    expect(response.headers.get('x-amzn-bedrock-invocation-latency')).toBe('0');
  });
});

describe('a programmed reply', () => {
  it('is asked for each request, and may leave one to the model', async () => {
    emulator.respondWith(async ({ index }) => (index === 0 ? exceptionReply('ThrottlingException', 'Slow.') : undefined));
    const client = createClient();
    await expect(client.send(invoke())).rejects.toMatchObject({ name: 'ThrottlingException', $metadata: { httpStatusCode: 429 } });
    expect(textOf(await readChunks(client))).toContain('世界');
    emulator.respondWith({ status: 502, body: [Buffer.from('<html>')] });
    await expect(client.send(invoke())).rejects.toMatchObject({ $metadata: { httpStatusCode: 502 } });
    emulator.respondWith(undefined);
    expect(textOf(await readChunks(client))).toContain('世界');
  });

  it.each(['close', 'reset'] as const)('can %s the connection before the head and within the body', async (how) => {
    emulator.respondWith(how);
    await expect(createClient().send(invoke())).rejects.toThrow();
    emulator.respondWith(streamReply([encodeChunkFrame({ type: 'a' }), how]));
    await expect(readChunks(createClient())).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(emulator.requests.map(({ aborted }) => aborted)).toEqual([false, false]);
  });

  it('can say nothing until the client leaves', async () => {
    emulator.respondWith('stall');
    const controller = new AbortController();
    const sent = createClient().send(invoke(), { abortSignal: controller.signal }).catch((error: Error) => error.name);
    await vi.waitFor(() => expect(emulator.requests).toHaveLength(1));
    controller.abort();
    expect(await sent).toBe('AbortError');
    await emulator.requests[0]?.closed;
    expect(emulator.requests[0]?.aborted).toBe(true);
  });

  it('that throws is a 500 which says what it threw', async () => {
    emulator.respondWith(() => {
      throw new Error('a bug of the test');
    });
    await expect(createClient().send(invoke())).rejects.toThrow('The emulator failed: Error: a bug of the test');
  });

  it('that cannot be written ends the connection', async () => {
    emulator.respondWith({ headers: { 'not a header': '' } });
    await expect(createClient().send(invoke())).rejects.toMatchObject({ code: 'ECONNRESET' });
  });
});

describe('a connection', () => {
  const head = `POST /model/${encodeURIComponent(modelId)}/invoke HTTP/1.1\r\nhost: x\r\n`;
  const body = JSON.stringify({ max_tokens: 9, messages: [{ role: 'user', content: 'Hi' }] });

  it('is understood when its bytes come one by one', async () => {
    const request = `${head}content-length: ${body.length}\r\n\r\n${body}`;
    expect(await exchangeBytes('"stop_reason"', ...request)).toMatch(/^HTTP\/1.1 200 OK/);
  });

  it.each([
    ['that is no HTTP', ['\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03']],
    ['that breaks off in its first bytes', ['PR']],
    ['with a broken HTTP/2 preface', ['PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n', 'x'.repeat(100)]],
    ['with garbage after the HTTP/2 preface', ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', Buffer.alloc(64, 0xff)]],
    ['that promises a body and goes', [`${head}content-length: 1000\r\n\r\n{`]],
    ['with a path that does not decode', ['POST /model/%E0%A4%A/invoke HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n']],
  ])('%s hurts nobody else', async (_, writes) => {
    const client = createClient('HTTP/2');
    const leaving = connect(emulator.port, '127.0.0.1').on('error', () => undefined);
    await new Promise<void>((resolve) => {
      leaving.on('close', () => resolve()).resume();
      for (const bytes of writes) leaving.write(bytes, 'latin1');
      leaving.end();
    });
    expect((await client.send(invoke())).$metadata.httpStatusCode).toBe(200);
  });

  it('ends when the emulator is closed, idle or busy, and the port is free again', async () => {
    emulator.respondWith('stall');
    const idle = connect(emulator.port, '127.0.0.1').on('error', () => undefined);
    const idleClosed = new Promise((resolve) => idle.once('close', resolve));
    const busy = createClient('HTTP/2').send(invoke()).catch((error: unknown) => error);
    await vi.waitFor(() => expect(emulator.requests).toHaveLength(1));
    await emulator.close();
    await idleClosed;
    expect(await busy).toBeInstanceOf(Error);
    const again = await startBedrockEmulator({ port: emulator.port });
    expect(again.port).toBe(emulator.port);
    await again.close();
  });
});

it('remembers the latest requests only', async () => {
  await emulator.close();
  emulator = await startBedrockEmulator({ paceMs: 0, remember: 2 });
  const client = createClient();
  for (const content of ['one', 'two', 'three']) {
    await client.send(invoke({ max_tokens: 9, messages: [{ role: 'user', content }] }));
  }
  expect(emulator.requests.map(({ index }) => index)).toEqual([1, 2]);
});
