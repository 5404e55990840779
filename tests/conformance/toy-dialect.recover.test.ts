import { FakeInvoker } from '@bedrock-proxy/testing';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { askToy, said } from './ask-toy.ts';
import { readToyAnswer } from './toy-records.ts';

afterEach(() => void vi.useRealTimers());

describe('a second way', () => {
  const withExtras = { model: 'swift', prompts: ['Hi'], extras: { top_k: 5 } };

  it.each([true, false])('is another call under the same permission, streamed: %j', async (stream) => {
    const fake = new FakeInvoker().failWith('upstream_validation');
    if (stream) fake.replyText('Hel', 'lo');
    else fake.replyBody(said('Hello'));
    const settle = vi.fn();
    const reserve = vi.fn(() => ({ allow: true, settle }) as const);
    const access = () => ({ allow: true, principal: 'anyone', reserve }) as const;
    const answer = await askToy(fake, '/toy/say', { ...withExtras, stream }, { access });
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
    expect(readToyAnswer(await askToy(fake, '/toy/say', withExtras))).toMatchObject({ code: 'UPSTREAM_VALIDATION' });
    fake.assertExhausted();
  });

  it('is not tried after the head of an answer', async () => {
    const fake = new FakeInvoker().reply((answer) => answer.text('Hel').failWith('upstream_validation'));
    const answer = await askToy(fake, '/toy/say', { ...withExtras, stream: true });
    expect(readToyAnswer(answer)).toMatchObject({ kind: 'error', text: 'Hel', code: 'UPSTREAM_VALIDATION' });
    expect(fake.calls).toHaveLength(1);
  });

  it('can be an answer without a call', async () => {
    const fake = new FakeInvoker().failWith('upstream_denied');
    const answer = await askToy(fake, '/toy/count', { model: 'deep', prompts: ['Hello'] });
    expect(answer).toMatchObject({ status: 200, text: 'about 5' });
    expect(answer.record).not.toHaveProperty('code');
  });

  it('is taken after the timeout that the dialect sets', async () => {
    vi.useFakeTimers();
    const asking = askToy(new FakeInvoker().hang(), '/toy/count', { model: 'deep', prompts: ['Hello'] });
    await vi.advanceTimersByTimeAsync(3_000);
    expect(await asking).toMatchObject({ status: 200, text: 'about 5' });
  });
});
