import { FakeInvoker } from '@bedrock-proxy/testing';
import { expect, it } from 'vitest';
import { readAccount } from './read-account.ts';

const usage = { inputTokens: 3, outputTokens: 5, cacheWriteTokens: 9, cacheWrite1hTokens: 7 };

it.each([true, false])('the tokens that are cached for an hour are logged apart, with stream %s', async (stream) => {
  const invoker = new FakeInvoker().reply((answer) => answer.text('Hi').usage(usage));
  const { record, log } = await readAccount(invoker, { modelId: 'anthropic.claude-sonnet-4-6', stream });
  expect(record).toMatchObject(usage);
  expect(JSON.parse(log)).toMatchObject({ event: 'request.end', ...usage });
});
