import { isProxyError, streamModel } from '@bedrock-proxy/core';
import { createBedrockInvoker } from '@bedrock-proxy/core/bedrock';
import { exceptionReply, startBedrockEmulator } from '@bedrock-proxy/testing/emulator';

const emulator = await startBedrockEmulator({ paceMs: 0 });
const invoker = createBedrockInvoker({
  region: 'eu-west-1',
  endpoint: emulator.url,
  credentials: { accessKeyId: 'an-id', secretAccessKey: 'a-secret' },
});
const call = {
  modelId: 'global.anthropic.claude-haiku-5-5',
  payload: {
    anthropic_version: 'bedrock-2023-05-31',
    max_tokens: 500,
    messages: [{ role: 'user', content: 'What is a proxy?' }],
  },
};

let streamed = '';
for await (const event of streamModel(invoker, call, { idleTimeoutMs: 30_000 })) {
  if (event.type === 'text-delta') streamed += event.text;
}
const { text, usage, stopReason } = await streamModel(invoker, call).collect();

emulator.respondWith(exceptionReply('AccessDeniedException', 'no'));
let refusal: string | undefined;
try {
  await streamModel(invoker, call).collect();
} catch (error) {
  if (isProxyError(error)) refusal = error.code;
}
await emulator.close();

const isWhole = streamed.length > 0 && text === streamed;
console.log(JSON.stringify({ isWhole, counts: typeof usage?.outputTokens, stopReason, refusal }));
