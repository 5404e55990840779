import { type ModelInvoker, streamModel } from '@bedrock-proxy/core';

/** A function of a user. It depends on the port, and not on the chunk format of any model. */
export async function summarise(invoker: ModelInvoker, content: string): Promise<string> {
  const messages = [{ role: 'user', content }];
  const payload = { anthropic_version: 'bedrock-2023-05-31', max_tokens: 500, messages };
  const { text } = await streamModel(invoker, {
    modelId: 'global.anthropic.claude-haiku-5-5',
    payload,
  }).collect();
  return text;
}
