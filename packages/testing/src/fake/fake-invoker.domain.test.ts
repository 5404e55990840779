import { invokeModel, type ModelEvent, ProxyError, streamModel } from '@bedrock-proxy/core';
import { expect, it } from 'vitest';
import { FakeInvoker } from './fake-invoker.js';

const input = { modelId: 'any.model', payload: { max_tokens: 500 } };

it('gives streamModel the answer of the script', async () => {
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

it('fails in streamModel as the script says', async () => {
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

it('is given up by streamModel when its reader leaves', async () => {
  const fake = new FakeInvoker().reply((answer) => answer.text('Hel').hang());
  for await (const event of streamModel(fake, input)) {
    expect(event).toEqual({ type: 'text-delta', text: 'Hel', index: 0 });
    break;
  }
  expect(fake.calls[0]?.aborted).toBe(true);
});

it.each(['invoke-model', 'converse'] as const)('gives the same events for a script through %s', async (operation) => {
  const usage = { inputTokens: 7, outputTokens: 3, cacheReadTokens: 40 };
  const fake = new FakeInvoker().reply((answer) =>
    answer
      .reasoning('Hm.', { signature: 'c2ln' })
      .redactedReasoning('aGlk')
      .text('The tide', ' is high.')
      .citation({ title: 'Tides' })
      .text(' So wait.')
      .toolCall({ name: 'tides', input: { city: 'Oslo' } })
      .toolCall({ id: 'mine', name: 'clock', input: {} })
      .usage(usage),
  );
  const events: ModelEvent[] = [];
  for await (const event of streamModel(fake, { ...input, operation })) events.push(event);
  expect(events).toEqual([
    { type: 'reasoning-delta', index: 0, text: 'Hm.' },
    { type: 'reasoning-signature', index: 0, signature: 'c2ln' },
    { type: 'reasoning-redacted', index: 1, data: 'aGlk' },
    { type: 'text-delta', index: 2, text: 'The tide' },
    { type: 'text-delta', index: 2, text: ' is high.' },
    { type: 'citation', index: 2, value: { title: 'Tides' } },
    { type: 'text-delta', index: 3, text: ' So wait.' },
    { type: 'tool-call-start', index: 4, id: 'call-1', name: 'tides' },
    { type: 'tool-call-delta', index: 4, arguments: '{"city":"Oslo"}' },
    { type: 'tool-call-start', index: 5, id: 'mine', name: 'clock' },
    { type: 'usage-report', usage },
    { type: 'stream-end', stopReason: 'tool', nativeStopReason: 'tool_use' },
  ]);
});

it.each(['invoke-model', 'converse'] as const)(
  'gives invokeModel the usage of a script through %s',
  async (operation) => {
    const fake = new FakeInvoker().reply((answer) => answer.text('Hello').usage({ inputTokens: 7, outputTokens: 3 }));
    await expect(invokeModel(fake, { ...input, operation })).resolves.toMatchObject({
      usage: { inputTokens: 7, outputTokens: 3 },
      stopReason: 'stop',
    });
  },
);
