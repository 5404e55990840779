import { ProxyError, streamModel } from '@bedrock-proxy/core';
import { expect, it } from 'vitest';
import { FakeInvoker } from './fake-invoker.js';

const input = { modelId: 'any.model', payload: { max_tokens: 500 } };

it('is read by the domain as the answer that was scripted', async () => {
  const fake = new FakeInvoker().reply((answer) =>
    answer.text('Hel', '', 'lo').stopReason('length').usage({ inputTokens: 7, outputTokens: 3, cacheReadTokens: 40 }),
  );
  await expect(streamModel(fake, input).collect()).resolves.toMatchObject({
    text: 'Hello',
    stopReason: 'length',
    usage: { inputTokens: 7, outputTokens: 3, cacheReadTokens: 40 },
  });
  expect(fake.calls[0]?.json()).toEqual({ max_tokens: 500 });
  expect(fake.calls[0]?.aborted).toBe(false);
});

it('fails in the domain as it was scripted', async () => {
  const fake = new FakeInvoker()
    .failWith('throttled')
    .reply((answer) => answer.text('Hel').failWith('upstream_unavailable'))
    .reply((answer) => answer.text('Hel').breakOff());
  for (const code of ['throttled', 'upstream_unavailable', 'upstream_truncated']) {
    const failure: unknown = await streamModel(fake, input)
      .collect()
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ProxyError);
    expect(failure).toMatchObject({ code, retryable: true });
  }
  fake.assertExhausted();
});

it('is given up by the domain when its reader leaves', async () => {
  const fake = new FakeInvoker().reply((answer) => answer.text('Hel').hang());
  for await (const event of streamModel(fake, input)) {
    expect(event).toEqual({ type: 'text-delta', text: 'Hel', index: 0 });
    break;
  }
  expect(fake.calls[0]?.aborted).toBe(true);
});
