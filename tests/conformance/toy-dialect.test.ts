import { FakeInvoker } from '@bedrock-proxy/testing';
import { describe, expect, it, vi } from 'vitest';
import { askToy, deep, said, swift } from './ask-toy.ts';
import { encodeRecord, readToyAnswer } from './toy-records.ts';

describe('the name that a dialect gives a model', () => {
  it('becomes an id before the policy judges it, and is kept in the log', async () => {
    const fake = new FakeInvoker().replyBody(said('Hello'));
    const permitsModel = vi.fn(() => true);
    const access = () => ({ allow: true, principal: 'anyone', permitsModel }) as const;
    const { record } = await askToy(fake, '/toy/say', { model: 'swift', prompts: ['Hi'] }, { access });
    expect(permitsModel).toHaveBeenCalledExactlyOnceWith(swift, undefined);
    expect(fake.calls).toMatchObject([{ operation: 'converse', modelId: swift }]);
    expect(record).toMatchObject({ dialect: 'toy', modelId: 'swift', operation: 'converse' });
  });
});

describe('several bodies', () => {
  it('are as many calls, answered in their order', async () => {
    const fake = new FakeInvoker().replyBody(said('one ')).replyBody(said('two ')).replyBody(said('three'));
    const { body, status, headers } = await askToy(fake, '/toy/say', { model: 'deep', prompts: ['1', '2', '3'] });
    expect(readToyAnswer({ status, body })).toEqual({ kind: 'done', text: 'one two three' });
    expect(headers).toMatchObject({ 'x-served': deep, 'x-toy-extras': 'false' });
    const asked = fake.calls.map((call) => call.json());
    expect(asked).toEqual(['1', '2', '3'].map((text) => ({ messages: [{ role: 'user', content: [{ text }] }] })));
  });

  it('fail with the first of them that fails', async () => {
    const fake = new FakeInvoker().replyBody(said('one')).failWith('throttled').replyBody(said('three'));
    const { body, status } = await askToy(fake, '/toy/say', { model: 'deep', prompts: ['1', '2', '3'] });
    expect(readToyAnswer({ status, body })).toEqual({ kind: 'error', text: '', code: 'THROTTLED', requestId: 'r-1' });
    expect(status).toBe(429);
  });

  it('can be an answer without a call', async () => {
    const fake = new FakeInvoker();
    expect(await askToy(fake, '/toy/say', { model: 'deep', prompts: [] })).toMatchObject({
      status: 200,
      text: `${deep} was asked nothing`,
    });
    expect(fake.calls).toEqual([]);
  });
});

describe('an operation that is not a conversation', () => {
  it('is called by the id that the dialect asks it by, and its counts are no usage', async () => {
    const fake = new FakeInvoker().replyBody({ inputTokens: 12 });
    const answer = await askToy(fake, '/toy/count', { model: 'deep', prompts: ['Hello'] });
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
    expect(await askToy(fake, '/toy/models', {}, { method: 'GET', access })).toMatchObject({ status: 200, text: deep });
    expect(reserve).not.toHaveBeenCalled();
    expect(fake.calls).toEqual([]);
  });

  it('is for callers that are admitted', async () => {
    const access = () => ({ allow: false, code: 'missing_token' }) as const;
    const { status, body } = await askToy(new FakeInvoker(), '/toy/models', {}, { method: 'GET', access });
    expect(readToyAnswer({ status, body })).toMatchObject({ kind: 'error', code: 'MISSING_TOKEN' });
    expect(status).toBe(401);
  });
});

describe('a stream of bytes', () => {
  it('opens with the model that answers, after the first event', async () => {
    const answer = await askToy(new FakeInvoker().replyText('Grüße'), '/toy/say', {
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
  expect(JSON.parse((await askToy(fake, '/chat', { modelId: swift })).text)).toMatchObject({ type: 'message' });
});
