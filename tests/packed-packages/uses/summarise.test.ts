import { FakeInvoker } from '@bedrock-proxy/testing';
import { expect, it } from 'vitest';
import { summarise } from './summarise.ts';

it('summarises without knowing the format of a chunk', async () => {
  const fake = new FakeInvoker().replyText('Hel', 'lo').failWith('throttled');
  expect(await summarise(fake, 'x')).toBe('Hello');
  await expect(summarise(fake, 'x')).rejects.toMatchObject({ code: 'throttled', retryable: true });
  expect(fake.calls[0]?.json()).toMatchObject({ max_tokens: 500 });
});
