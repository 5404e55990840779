import { type ModelInvoker, streamModel } from '@bedrock-proxy/core';

const modelId = 'global.anthropic.claude-haiku-5-5';

/** Your own code that calls a model. It takes the invoker as an argument, so that a test can pass a fake. */
export async function summarise(invoker: ModelInvoker, text: string, onText: (piece: string) => void): Promise<string> {
  const payload = {
    anthropic_version: 'bedrock-2023-05-31',
    max_tokens: 500,
    messages: [{ role: 'user', content: `Summarise: ${text}` }],
  };
  let summary = '';
  for await (const event of streamModel(invoker, { modelId, payload }, { idleTimeoutMs: 20_000 })) {
    if (event.type === 'text-delta') {
      summary += event.text;
      onText(event.text);
    }
    if (event.type === 'stream-end' && event.stopReason === 'length') summary += ' …';
  }
  return summary;
}
