import { type ModelInvoker, streamModel } from '@bedrock-proxy/core';

/** A person's own function: it knows the port, and no shape of any model's chunks. */
export async function summarise(invoker: ModelInvoker, content: string): Promise<string> {
  const payload = { messages: [{ role: 'user', content }], max_tokens: 500 };
  const { text } = await streamModel(invoker, { modelId: 'eu.amazon.nova-lite-v1:0', payload }).collect();
  return text;
}
