import { type ModelInvoker, streamModel } from '@bedrock-proxy/core';

/** A function of a user. It depends on the port, and not on the chunk format of any model. */
export async function summarise(invoker: ModelInvoker, content: string): Promise<string> {
  const payload = { messages: [{ role: 'user', content }], max_tokens: 500 };
  const { text } = await streamModel(invoker, { modelId: 'eu.amazon.nova-lite-v1:0', payload }).collect();
  return text;
}
