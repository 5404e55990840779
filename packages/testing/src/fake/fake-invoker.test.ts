import { isProxyError, type ModelAnswer, type ModelCall, type ModelStream } from '@bedrock-proxy/core';
import { describe, expect, it } from 'vitest';
import { FakeInvoker } from './fake-invoker.js';

const modelCall = (overrides: Partial<ModelCall> = {}): ModelCall => ({
  operation: 'invoke-model',
  modelId: 'anthropic.claude-sonnet-4-6',
  body: new TextEncoder().encode('{"max_tokens":500}'),
  signal: new AbortController().signal,
  ...overrides,
});

interface ClaudeChunk {
  readonly type: string;
  readonly delta?: { readonly text?: string; readonly stop_reason?: string };
}

async function readAll(stream: ModelStream, into: ClaudeChunk[][] = []): Promise<ClaudeChunk[][]> {
  for await (const batch of stream.batches)
    into.push(batch.chunks.map(({ bytes }) => JSON.parse(Buffer.from(bytes).toString())));
  return into;
}

const jsonOf = ({ body }: ModelAnswer): unknown => JSON.parse(Buffer.from(body).toString());
const texts = (batches: ClaudeChunk[][]) => batches.flat().flatMap((chunk) => chunk.delta?.text ?? []);
const types = (batches: ClaudeChunk[][]) => batches.flat().map((chunk) => chunk.type);

describe('a scripted text', () => {
  it('is streamed as Claude streams it, with each piece in a batch of its own', async () => {
    const batches = await readAll(await new FakeInvoker().replyText('Hel', 'lo').stream(modelCall()));
    expect(batches.map((batch) => batch.map(({ type }) => type))).toEqual([
      ['message_start', 'content_block_start'],
      ['content_block_delta'],
      ['content_block_delta'],
      ['content_block_stop', 'message_delta', 'message_stop'],
    ]);
    expect(texts(batches)).toEqual(['Hel', 'lo']);
  });

  it('is one text in a whole answer', async () => {
    const answer = await new FakeInvoker().replyText('Hel', 'lo').invoke(modelCall());
    expect(answer.contentType).toBe('application/json');
    expect(answer.meta.attempts).toBe(1);
    expect(jsonOf(answer)).toMatchObject({
      role: 'assistant',
      content: [{ type: 'text', text: 'Hello' }],
      stop_reason: 'end_turn',
      usage: { input_tokens: 10, output_tokens: 2 },
    });
  });

  it('has the usage and the stop reason of the script', async () => {
    const fake = new FakeInvoker().reply((answer) =>
      answer.text('Hello').stopReason('length').usage({ inputTokens: 7, outputTokens: 3, cacheReadTokens: 40 }),
    );
    const [delta, stop] = (await readAll(await fake.stream(modelCall()))).flat().slice(-2);
    expect(delta).toMatchObject({ delta: { stop_reason: 'max_tokens' }, usage: { output_tokens: 3 } });
    expect(stop).toMatchObject({
      'amazon-bedrock-invocationMetrics': { inputTokenCount: 7, outputTokenCount: 3, cacheReadInputTokenCount: 40 },
    });
  });

  it('can have no piece, and then is an answer without blocks', async () => {
    const fake = new FakeInvoker().replyText().replyText();
    const read = types(await readAll(await fake.stream(modelCall())));
    expect(read).toEqual(['message_start', 'message_delta', 'message_stop']);
    expect(jsonOf(await fake.invoke(modelCall()))).toMatchObject({ content: [], usage: { output_tokens: 0 } });
  });

  it('can begin without a piece', async () => {
    const fake = new FakeInvoker().reply((answer) => answer.text('').failWith('upstream_error'));
    const read: ClaudeChunk[][] = [];
    await expect(readAll(await fake.stream(modelCall()), read)).rejects.toMatchObject({ code: 'upstream_error' });
    expect(types(read)).toEqual(['message_start', 'content_block_start']);
  });
});

describe('a script', () => {
  it('has one reply for each call, in order', async () => {
    const fake = new FakeInvoker().replyText('one').failWith('throttled').replyText('two');
    expect(texts(await readAll(await fake.stream(modelCall())))).toEqual(['one']);
    await expect(fake.stream(modelCall())).rejects.toMatchObject({ code: 'throttled' });
    expect(texts(await readAll(await fake.stream(modelCall())))).toEqual(['two']);
    fake.assertExhausted();
  });

  it('rejects a call that has no reply, with a plain error', async () => {
    const fake = new FakeInvoker().replyText('one');
    await fake.invoke(modelCall());
    const failure = await fake.stream(modelCall({ modelId: 'meta.llama' })).catch((error: unknown) => error);
    expect(String(failure)).toContain('call 2 is stream of meta.llama, and the script has 1 replies');
    expect(isProxyError(failure)).toBe(false);
  });

  it('is exhausted only if each reply was used and no other call came', async () => {
    const fake = new FakeInvoker().replyText('one');
    expect(() => fake.assertExhausted()).toThrow('FakeInvoker: 1 call was scripted, none came.');
    await fake.invoke(modelCall());
    expect(() => fake.assertExhausted()).not.toThrow();
    await fake.invoke(modelCall()).catch(() => undefined);
    expect(() => fake.assertExhausted()).toThrow('FakeInvoker: 1 call was scripted, 2 came.');
    const two = new FakeInvoker().replyText('one').replyText('two');
    expect(() => two.assertExhausted()).toThrow('FakeInvoker: 2 calls were scripted, none came.');
  });
});

describe('a failure', () => {
  it('before the answer rejects invoke and stream, with the options of the script and with meta', async () => {
    const fake = new FakeInvoker();
    fake.failWith('throttled', { message: 'Slow down.', retryAfterSeconds: 7 }).failWith('upstream_error');
    await expect(fake.stream(modelCall())).rejects.toMatchObject({
      code: 'throttled',
      message: 'Slow down.',
      retryAfterSeconds: 7,
      meta: { attempts: 1 },
    });
    await expect(fake.invoke(modelCall())).rejects.toMatchObject({ code: 'upstream_error', meta: { attempts: 1 } });
  });

  it('in mid-stream follows the text before it, and no end marker comes', async () => {
    const fake = new FakeInvoker().reply((answer) => answer.text('Hel').failWith('upstream_error').text('lo'));
    const read: ClaudeChunk[][] = [];
    await expect(readAll(await fake.stream(modelCall()), read)).rejects.toMatchObject({ code: 'upstream_error' });
    expect(types(read)).toEqual(['message_start', 'content_block_start', 'content_block_delta']);
  });

  it('can be a stream that ends without an end marker', async () => {
    const fake = new FakeInvoker();
    fake.reply((answer) => answer.text('Hel').breakOff()).reply((answer) => answer.text('Hel').breakOff());
    expect(types(await readAll(await fake.stream(modelCall())))).toEqual([
      'message_start',
      'content_block_start',
      'content_block_delta',
    ]);
    await expect(fake.invoke(modelCall())).rejects.toMatchObject({ code: 'upstream_truncated' });
  });
});

describe('a raw reply', () => {
  it('streams documents as they are, batch by batch, and adds no end marker', async () => {
    const fake = new FakeInvoker().replyChunks({ generation: 'a' }, ['{"generation" : "b"}', Uint8Array.of(0x5b)]);
    const read: string[][] = [];
    for await (const batch of (await fake.stream(modelCall())).batches)
      read.push(batch.chunks.map(({ bytes }) => Buffer.from(bytes).toString()));
    expect(read).toEqual([['{"generation":"a"}'], ['{"generation" : "b"}', '[']]);
  });

  it('gives a whole body byte for byte, and streams it as one chunk', async () => {
    const body = Uint8Array.of(0xff, 0x00, 0x7b);
    const fake = new FakeInvoker().replyBody(body, { contentType: 'image/png' }).replyBody(body);
    await expect(fake.invoke(modelCall())).resolves.toMatchObject({ body, contentType: 'image/png' });
    const batches = [];
    for await (const batch of (await fake.stream(modelCall())).batches) batches.push(batch);
    expect(batches).toEqual([{ chunks: [{ bytes: body }] }]);
  });

  it('of chunks cannot answer invoke, and cannot be mixed with text', async () => {
    await expect(new FakeInvoker().replyChunks('{}').invoke(modelCall())).rejects.toThrow('script a replyBody()');
    expect(() => new FakeInvoker().reply((answer) => answer.text('a').chunks('{}'))).toThrow('not both');
    expect(() => new FakeInvoker().replyChunks([])).toThrow('never empty');
  });
});

describe('a recorded call', () => {
  it('has all members of the call, as they were at the time of the call', async () => {
    const fake = new FakeInvoker().replyText('ok');
    const routed = {
      options: { serviceTier: 'flex' },
      deadlineAt: 60_000,
      firstEventTimeoutMs: 500,
      targets: [{ model: 'a.model', region: 'eu-west-1' }],
      maxAttempts: 2,
    } as const;
    const call = modelCall(routed);
    await fake.invoke(call);
    call.body.fill(0);
    const recorded = fake.calls[0];
    expect(recorded).toMatchObject({ kind: 'invoke', operation: 'invoke-model', modelId: call.modelId, ...routed });
    expect(recorded?.signal).toBe(call.signal);
    expect(recorded?.text()).toBe('{"max_tokens":500}');
    expect(recorded?.json()).toEqual({ max_tokens: 500 });
  });
});
