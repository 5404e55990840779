/** Unit tests of code that calls a model, without AWS and without a network. */
import { FakeInvoker } from '@bedrock-proxy/testing';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { summarise } from './summarise.ts';

describe('summarise', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('shows the summary as it arrives, and returns all of it', async () => {
    const fake = new FakeInvoker().replyText('A proxy ', 'stands between.');
    const shown = vi.fn();
    expect(await summarise(fake, 'a long text', shown)).toBe('A proxy stands between.');
    expect(shown.mock.calls).toEqual([['A proxy '], ['stands between.']]);
    expect(fake.calls[0]?.json()).toMatchObject({
      max_tokens: 500,
      messages: [{ role: 'user', content: 'Summarise: a long text' }],
    });
  });

  it('marks a summary that reached the token limit', async () => {
    const fake = new FakeInvoker().reply((answer) => answer.text('A proxy').stopReason('length'));
    expect(await summarise(fake, 'x', () => {})).toBe('A proxy …');
  });

  it('fails if Bedrock refuses the call, and if the response is cut off', async () => {
    const fake = new FakeInvoker()
      .failWith('throttled')
      .reply((answer) => answer.text('A pro').failWith('upstream_truncated'));
    await expect(summarise(fake, 'x', () => {})).rejects.toMatchObject({ code: 'throttled', retryable: true });
    await expect(summarise(fake, 'x', () => {})).rejects.toMatchObject({ code: 'upstream_truncated' });
    fake.assertExhausted();
  });

  it('times out after 20 seconds without output, which a fake clock skips', async () => {
    vi.useFakeTimers();
    const fake = new FakeInvoker().reply((answer) => answer.text('A pro').pause(60_000).text('xy'));
    const outcome = expect(summarise(fake, 'x', () => {})).rejects.toMatchObject({ code: 'upstream_timeout' });
    await vi.advanceTimersByTimeAsync(21_000);
    await outcome;
  });
});
