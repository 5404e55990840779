import { connect } from 'node:net';
import {
  type BedrockEmulator,
  encodeChunkFrame,
  type ReplyPart,
  startBedrockEmulator,
  streamReply,
} from '@bedrock-proxy/testing/emulator';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { startTcpProxy, type TcpProxy } from '../faults/tcp-proxy.ts';
import { post, wireClient } from '../node-http/start-listener.ts';
import { lambdaEndpoint, startWebFunction, type WebFunction } from './start-web-function.ts';

// A busy machine needs seconds for 64 requests.
vi.setConfig({ testTimeout: 60_000 });

const many = 64;
const tokens = [
  { id: 'team-a', token: 'the-token-of-team-a' },
  { id: 'team-b', token: 'the-token-of-team-b' },
];

let bedrock: BedrockEmulator;
let network: TcpProxy;
let proxy: WebFunction;
beforeAll(async () => {
  bedrock = await startBedrockEmulator({ paceMs: 0 });
  network = await startTcpProxy(bedrock.port);
  proxy = await startWebFunction({
    ...lambdaEndpoint,
    AWS_ENDPOINT_URL_BEDROCK_RUNTIME: `http://127.0.0.1:${network.port}`,
    AUTH_TOKENS: JSON.stringify(tokens),
    REQUEST_TIMEOUT_MS: '900000',
  });
});
beforeEach(() => bedrock.respondWith(undefined));
afterAll(async () => {
  await proxy[Symbol.asyncDispose]();
  await network.close();
  await bedrock.close();
});

const frame = (text: string) =>
  encodeChunkFrame({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } }, 'abc');
const end = encodeChunkFrame({ type: 'message_stop' }, 'abc');

const bodyOf = (text: string) =>
  JSON.stringify({
    ...{ modelId: 'anthropic.claude-sonnet-4-6', stream: true, anthropic_version: 'bedrock-2023-05-31' },
    ...{ max_tokens: 100, messages: [{ role: 'user', content: text }] },
  });

function ask(text: string, token = tokens[0]?.token): Promise<Response> {
  return fetch(proxy.url, { method: 'POST', headers: { authorization: `Bearer ${token}` }, body: bodyOf(text) });
}

describe(`${many} requests at once in one process`, () => {
  it('have their own answers, their own callers and one line of the log each', async () => {
    bedrock.respondWith((request) => {
      const [, text = ''] = /"content":"(\w+)"/.exec(Buffer.from(request.body).toString()) ?? [];
      return streamReply(
        Array.from({ length: 10 })
          .flatMap((): ReplyPart[] => [frame(`${text} `), { pauseMs: 1 + (text.length % 4) }])
          .concat(end),
      );
    });
    const before = proxy.records().length;
    const asked = Array.from({ length: many }, (_, index) => ({
      text: `question${'x'.repeat(index)}`,
      caller: tokens[index % 2],
    }));
    const answers = await Promise.all(
      asked.map(async ({ text, caller }) => {
        const answer = await ask(text, caller?.token);
        return { text, caller, id: answer.headers.get('x-request-id'), body: await answer.text() };
      }),
    );
    for (const { text, body } of answers) {
      expect(body).toBe(`${`data: {"content":"${text} "}\n\n`.repeat(10)}data: [DONE]\n\n`);
    }
    await expect.poll(() => proxy.records().length - before).toBe(many);
    const records = proxy.records().slice(before);
    expect(new Set(records.map(({ requestId }) => requestId)).size).toBe(many);
    for (const { id, caller, body } of answers) {
      const record = records.find(({ requestId }) => requestId === id);
      expect(record).toMatchObject({
        principal: caller?.id,
        status: 200,
        terminal: 'done',
        bytesOut: Buffer.byteLength(body),
      });
    }
  });

  it('use their connections to Bedrock again', async () => {
    const round = () => Promise.all(Array.from({ length: many }, async () => (await ask('Hello')).text()));
    const before = proxy.records().length;
    await round();
    const { openConnections } = network;
    expect(openConnections).toBeLessThanOrEqual(many + 1);
    for (let again = 0; again < 3; again += 1) await round();
    expect(network.openConnections).toBeLessThanOrEqual(many + 1);
    await expect.poll(() => proxy.records().length - before).toBe(4 * many);
    expect(
      proxy
        .records()
        .slice(before)
        .every(({ terminal }) => terminal === 'done'),
    ).toBe(true);
  });
});

describe(`a reader that takes nothing, among ${many - 1} that do`, () => {
  const piece = frame('x'.repeat(10_000));
  const pieces = 10;
  let pulled = 0;

  function* endless(): Generator<ReplyPart> {
    for (;;) {
      pulled += 1;
      yield piece;
    }
  }

  async function readAll(): Promise<number> {
    const began = performance.now();
    const answers = Array.from({ length: many - 1 }, async () => (await (await ask('fast')).text()).slice(-14));
    expect(new Set(await Promise.all(answers))).toEqual(new Set(['data: [DONE]\n\n']));
    return performance.now() - began;
  }

  it('makes Bedrock wait, not the others: nothing more is read for it', async () => {
    bedrock.respondWith(({ body }) =>
      streamReply(Buffer.from(body).includes('"slow"') ? endless() : [...Array<ReplyPart>(pieces).fill(piece), end]),
    );
    await readAll();
    const alone = await readAll();

    const { hostname, port } = new URL(proxy.url);
    const slow = wireClient(connect(Number(port), hostname));
    slow.socket.write(post({ headers: { authorization: `Bearer ${tokens[0]?.token}` }, body: bodyOf('slow') }));
    await slow.waitFor(/data: /);
    slow.socket.pause();
    const besideIt = await readAll();
    let taken = 0;
    // The sockets on the way fill up. Without backpressure, this would never end.
    const standsStill = () => {
      const before = taken;
      taken = pulled;
      return taken === before;
    };
    await expect.poll(standsStill, { interval: 250, timeout: 30_000 }).toBe(true);
    await readAll();
    expect(pulled).toBe(taken);
    expect(besideIt).toBeLessThan(alone * 3 + 1_000);

    slow.socket.destroy();
    const left = () => proxy.records().filter(({ code }) => code === 'client_closed');
    await expect.poll(left).toMatchObject([{ status: 200, terminal: 'none' }]);
  });
});
