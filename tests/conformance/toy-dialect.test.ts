import { type AccessPolicy, createProxy, type RequestRecord } from '@bedrock-proxy/core';
import { standardDialects } from '@bedrock-proxy/core/dialects';
import { serve } from '@bedrock-proxy/core/http';
import { FakeInvoker } from '@bedrock-proxy/testing';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { toyDialect } from './toy-dialect.ts';
import { encodeRecord, readToyAnswer } from './toy-records.ts';

afterEach(() => void vi.useRealTimers());

const anyone: AccessPolicy = () => ({ allow: true, principal: 'anyone' });
const swift = 'amazon.nova-lite-v1:0';
const deep = 'us.anthropic.claude-sonnet-4-6';

interface Circumstances {
  readonly method?: string;
  readonly access?: AccessPolicy;
}

/** Asks a proxy that speaks the toy dialect beside its own, on a streaming front. */
async function ask(
  invoker: FakeInvoker,
  path: string,
  body: object = {},
  { method = 'POST', access }: Circumstances = {},
) {
  const records: RequestRecord[] = [];
  const proxy = createProxy({
    ...{ invoker, access: access ?? anyone, dialects: [toyDialect(), ...standardDialects()] },
    ...{ logger: { info() {}, warn() {}, error() {} }, listedModels: [swift, deep] },
    onRequestEnd: (record) => void records.push(record),
  });
  const head = { front: 'test', requestId: 'r-1', method, path, headers: {}, signal: new AbortController().signal };
  const answer = await serve(proxy, { ...head, body: JSON.stringify(body) });
  const pieces: (string | Uint8Array)[] = [];
  if (typeof answer.body === 'string' || answer.body instanceof Uint8Array) pieces.push(answer.body);
  else for await (const piece of answer.body) pieces.push(piece);
  const bytes = Buffer.concat(pieces.map((piece) => Buffer.from(piece)));
  await answer.close({ bytesOut: bytes.length });
  return { status: answer.status, headers: answer.headers, body: bytes, text: bytes.toString(), record: records[0] };
}

const said = (text: string) => ({ output: { message: { content: [{ text }] } } });

describe('the name that a dialect gives a model', () => {
  it('becomes an id before the policy judges it, and is kept in the log', async () => {
    const fake = new FakeInvoker().replyBody(said('Hello'));
    const permitsModel = vi.fn(() => true);
    const access = () => ({ allow: true, principal: 'anyone', permitsModel }) as const;
    const { record } = await ask(fake, '/toy/say', { model: 'swift', prompts: ['Hi'] }, { access });
    expect(permitsModel).toHaveBeenCalledExactlyOnceWith(swift, undefined);
    expect(fake.calls).toMatchObject([{ operation: 'converse', modelId: swift }]);
    expect(record).toMatchObject({ dialect: 'toy', modelId: 'swift', operation: 'converse' });
  });
});

describe('several bodies', () => {
  it('are as many calls, answered in their order', async () => {
    const fake = new FakeInvoker().replyBody(said('one ')).replyBody(said('two ')).replyBody(said('three'));
    const { body, status, headers } = await ask(fake, '/toy/say', { model: 'deep', prompts: ['1', '2', '3'] });
    expect(readToyAnswer({ status, body })).toEqual({ kind: 'done', text: 'one two three' });
    expect(headers).toMatchObject({ 'x-served': deep, 'x-toy-extras': 'false' });
    const asked = fake.calls.map((call) => call.json());
    expect(asked).toEqual(['1', '2', '3'].map((text) => ({ messages: [{ role: 'user', content: [{ text }] }] })));
  });

  it('fail with the first of them that fails', async () => {
    const fake = new FakeInvoker().replyBody(said('one')).failWith('throttled').replyBody(said('three'));
    const { body, status } = await ask(fake, '/toy/say', { model: 'deep', prompts: ['1', '2', '3'] });
    expect(readToyAnswer({ status, body })).toEqual({ kind: 'error', text: '', code: 'THROTTLED', requestId: 'r-1' });
    expect(status).toBe(429);
  });

  it('can be an answer without a call', async () => {
    const fake = new FakeInvoker();
    expect(await ask(fake, '/toy/say', { model: 'deep', prompts: [] })).toMatchObject({
      status: 200,
      text: `${deep} was asked nothing`,
    });
    expect(fake.calls).toEqual([]);
  });
});

describe('a second way', () => {
  const withExtras = { model: 'swift', prompts: ['Hi'], extras: { top_k: 5 } };

  it.each([true, false])('is another call under the same permission, streamed: %j', async (stream) => {
    const fake = new FakeInvoker().failWith('upstream_validation');
    if (stream) fake.replyText('Hel', 'lo');
    else fake.replyBody(said('Hello'));
    const settle = vi.fn();
    const reserve = vi.fn(() => ({ allow: true, settle }) as const);
    const access = () => ({ allow: true, principal: 'anyone', reserve }) as const;
    const answer = await ask(fake, '/toy/say', { ...withExtras, stream }, { access });
    expect(readToyAnswer(answer)).toEqual({ kind: 'done', text: 'Hello' });
    expect(answer.headers['x-toy-extras']).toBe('false');
    const messages = [{ role: 'user', content: [{ text: 'Hi' }] }];
    const extras = { additionalModelRequestFields: { top_k: 5 } };
    expect(fake.calls.map((call) => call.json())).toEqual([{ messages, ...extras }, { messages }]);
    expect(reserve).toHaveBeenCalledOnce();
    expect(settle).toHaveBeenCalledOnce();
    expect(answer.record).toMatchObject({ attempts: 2, status: 200 });
    expect(answer.record).not.toHaveProperty('code');
  });

  it('is tried once, and its failure is the answer', async () => {
    const fake = new FakeInvoker().failWith('upstream_validation').failWith('upstream_validation');
    expect(readToyAnswer(await ask(fake, '/toy/say', withExtras))).toMatchObject({ code: 'UPSTREAM_VALIDATION' });
    fake.assertExhausted();
  });

  it('is not tried after the head of an answer', async () => {
    const fake = new FakeInvoker().reply((answer) => answer.text('Hel').failWith('upstream_validation'));
    const answer = await ask(fake, '/toy/say', { ...withExtras, stream: true });
    expect(readToyAnswer(answer)).toMatchObject({ kind: 'error', text: 'Hel', code: 'UPSTREAM_VALIDATION' });
    expect(fake.calls).toHaveLength(1);
  });

  it('can be an answer without a call', async () => {
    const fake = new FakeInvoker().failWith('upstream_denied');
    const answer = await ask(fake, '/toy/count', { model: 'deep', prompts: ['Hello'] });
    expect(answer).toMatchObject({ status: 200, text: 'about 5' });
    expect(answer.record).not.toHaveProperty('code');
  });

  it('is taken after the timeout that the dialect sets', async () => {
    vi.useFakeTimers();
    const asking = ask(new FakeInvoker().hang(), '/toy/count', { model: 'deep', prompts: ['Hello'] });
    await vi.advanceTimersByTimeAsync(3_000);
    expect(await asking).toMatchObject({ status: 200, text: 'about 5' });
  });
});

describe('an operation that is not a conversation', () => {
  it('is called by the id that the dialect asks it by, and its counts are no usage', async () => {
    const fake = new FakeInvoker().replyBody({ inputTokens: 12 });
    const answer = await ask(fake, '/toy/count', { model: 'deep', prompts: ['Hello'] });
    expect(answer.text).toBe('12');
    expect(fake.calls).toMatchObject([{ operation: 'count-tokens', modelId: 'anthropic.claude-sonnet-4-6' }]);
    expect(answer.record).toMatchObject({ operation: 'count-tokens', modelId: 'deep' });
    expect(answer.record).not.toHaveProperty('inputTokens');
  });
});

describe('a list of models', () => {
  it('has the models that the caller may use, without a call, a body or a limit', async () => {
    const fake = new FakeInvoker();
    const reserve = vi.fn();
    const permitsModel = (id: string) => id.includes('claude');
    const access = () => ({ allow: true, principal: 'anyone', permitsModel, reserve }) as const;
    expect(await ask(fake, '/toy/models', {}, { method: 'GET', access })).toMatchObject({ status: 200, text: deep });
    expect(reserve).not.toHaveBeenCalled();
    expect(fake.calls).toEqual([]);
  });

  it('is for callers that are admitted', async () => {
    const access = () => ({ allow: false, code: 'missing_token' }) as const;
    const { status, body } = await ask(new FakeInvoker(), '/toy/models', {}, { method: 'GET', access });
    expect(readToyAnswer({ status, body })).toMatchObject({ kind: 'error', code: 'MISSING_TOKEN' });
    expect(status).toBe(401);
  });
});

describe('a stream of bytes', () => {
  it('opens with the model that answers, after the first event', async () => {
    const answer = await ask(new FakeInvoker().replyText('Grüße'), '/toy/say', {
      model: 'deep',
      prompts: ['Hi'],
      stream: true,
    });
    const records = [encodeRecord('M', deep), encodeRecord('T', 'Grüße'), encodeRecord('D')];
    expect(answer.body).toEqual(Buffer.concat([Buffer.from('TOY1'), ...records]));
    expect(answer.record).toMatchObject({ terminal: 'done', stream: true });
  });
});

it('leaves the other paths to the dialects behind it', async () => {
  const fake = new FakeInvoker().replyText('Hello');
  expect(JSON.parse((await ask(fake, '/chat', { modelId: swift })).text)).toMatchObject({ type: 'message' });
});
