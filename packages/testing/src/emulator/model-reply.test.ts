import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BedrockEmulator, startBedrockEmulator } from './start-bedrock-emulator.js';

const claude = 'anthropic.claude-sonnet-4-6';
const anthropic_version = 'bedrock-2023-05-31';
const payload = { anthropic_version, max_tokens: 500, messages: [{ role: 'user', content: 'Hi there' }] };

let emulator: BedrockEmulator;
beforeEach(async () => {
  emulator = await startBedrockEmulator({ paceMs: 0 });
});
afterEach(() => emulator.close());

interface Answer {
  readonly content: readonly { readonly text: string }[];
  readonly usage: { readonly input_tokens: number; readonly output_tokens: number };
  readonly message: string;
}

async function invoke(body: unknown, modelId = claude) {
  const path = `/model/${encodeURIComponent(modelId)}/invoke`;
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(emulator.url + path, { method: 'POST', body: text });
  return { status: response.status, headers: response.headers, answer: (await response.json()) as Answer };
}

describe('the emulated model', () => {
  it('answers the same prompt with the same words', async () => {
    const [first, second] = [await invoke(payload), await invoke(payload)];
    expect(first.answer).toMatchObject({ content: [{ text: expect.stringContaining('“Hi there”') }] });
    expect(second.answer.content).toEqual(first.answer.content);
  });

  it('reads text blocks, and answers the last message', async () => {
    const content = [
      { type: 'text', text: 'last' },
      { type: 'image', source: {} },
    ];
    const messages = [...payload.messages, { role: 'assistant', content: 'Yes?' }, { role: 'user', content }];
    const { answer } = await invoke({ ...payload, messages });
    expect(answer.content[0]?.text).toContain('You sent me one word: “last”');
  });

  it('reports its token counts in headers too', async () => {
    const { headers, answer } = await invoke(payload);
    expect(answer.usage).toEqual({ input_tokens: 2, output_tokens: expect.any(Number) });
    expect(headers.get('x-amzn-bedrock-input-token-count')).toBe('2');
    expect(headers.get('x-amzn-bedrock-output-token-count')).toBe(String(answer.usage.output_tokens));
    expect(headers.get('x-amzn-bedrock-invocation-latency')).toBe('0');
  });

  it('stops at max_tokens', async () => {
    const { answer } = await invoke({ ...payload, max_tokens: 3 });
    expect(answer).toMatchObject({ stop_reason: 'max_tokens', usage: { output_tokens: 3 } });
  });

  it('takes the same time for a whole answer as for a stream', async () => {
    await emulator.close();
    emulator = await startBedrockEmulator({ paceMs: 10 });
    const { headers } = await invoke({ ...payload, max_tokens: 5 });
    expect(headers.get('x-amzn-bedrock-invocation-latency')).toMatch(/^[1-5]0$/);
  });
});

describe('a refusal', () => {
  it.each([
    ['a body that is not JSON', '{', 'Malformed input request'],
    ['a body that is not an object', '[]', 'Malformed input request'],
    ['a member that only the proxy reads', { ...payload, stream: true }, 'extraneous key [stream] is not permitted'],
    ['no anthropic_version', { max_tokens: 5, messages: payload.messages }, 'anthropic_version: Field required'],
    ['an unknown member', { ...payload, service_tier: 'x' }, 'service_tier: Extra inputs are not permitted'],
    ['no max_tokens', { anthropic_version, messages: payload.messages }, 'max_tokens: Field required'],
    ['max_tokens that is not a number', { ...payload, max_tokens: '5' }, 'max_tokens: Input should be a valid integer'],
    ['max_tokens of zero', { ...payload, max_tokens: 0 }, 'max_tokens: must be greater than or equal to 1'],
    ['no messages', { anthropic_version, max_tokens: 5 }, 'messages: Field required'],
    ['messages that are not a list', { ...payload, messages: 'Hi' }, 'messages: Input should be a valid list'],
    ['an empty list of messages', { ...payload, messages: [] }, 'messages: at least one message is required'],
    ['a message that is not an object', { ...payload, messages: ['Hi'] }, 'messages.0: Input should be'],
    ['an unknown role', { ...payload, messages: [{ role: 'system', content: 'x' }] }, 'messages.0.role'],
    ['a message without content', { ...payload, messages: [{ role: 'user' }] }, 'messages.0.content: Field required'],
    ['content of another type', { ...payload, messages: [{ role: 'user', content: 5 }] }, 'messages.0.content: Input'],
  ])('of %s names the problem', async (_, body, message) => {
    const { status, headers, answer } = await invoke(body);
    expect(status).toBe(400);
    expect(headers.get('x-amzn-errortype')).toMatch(/^ValidationException:/);
    expect(answer.message).toContain(message);
  });

  it.each([
    ['acme.frobnicator-1-v1:0', 'does not play this model'],
    ['us.acme.frobnicator-1-v1:0', 'does not play this model'],
    ['arn:aws:bedrock:us-east-1::foundation-model/acme.frobnicator-1-v1', 'does not play this model'],
    ['us.meta.llama3-8b-instruct-v1:0', 'required key [prompt] not found'],
    ['constructor.prototype', 'does not play this model'],
    ['claude', 'The provided model identifier is invalid.'],
  ])('of the model %s names the reason', async (modelId, message) => {
    expect(await invoke(payload, modelId)).toMatchObject({
      status: 400,
      answer: { message: expect.stringContaining(message) },
    });
  });

  const bareIds = ['deepseek.r1-v1:0', 'writer.palmyra-x5-v1:0', 'twelvelabs.pegasus-1-2-v1:0'];

  it.each([...bareIds, ...bareIds.map((id) => `arn:aws:bedrock:us-east-1::foundation-model/${id}`)])(
    'of %s, which needs an inference profile, has the sentence of Bedrock in every operation',
    async (modelId) => {
      for (const operation of ['invoke', 'invoke-with-response-stream', 'converse', 'converse-stream']) {
        const path = `/model/${encodeURIComponent(modelId)}/${operation}`;
        const response = await fetch(emulator.url + path, { method: 'POST', body: '{"prompt":"Hi"}' });
        expect(response.status).toBe(400);
        expect(await response.json()).toEqual({
          message: `Invocation of model ID ${modelId} with on-demand throughput isn’t supported. Retry your request with the ID or ARN of an inference profile that contains this model.`,
        });
      }
    },
  );

  it.each(['us.deepseek.r1-v1:0', 'arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.deepseek.r1-v1:0'])(
    'does not come for the inference profile %s',
    async (modelId) => {
      expect((await invoke({ prompt: 'Hi' }, modelId)).status).toBe(200);
    },
  );

  it.each([
    ['GET', `/model/${claude}/invoke`],
    ['POST', `/model/${claude}/invoke-with-bidirectional-stream`],
    ['POST', '/model/%E0%A4%A/invoke'],
    ['POST', '/'],
  ])('of %s %s names the supported operations', async (method, path) => {
    const response = await fetch(emulator.url + path, { method });
    expect(response.status).toBe(404);
    expect(response.headers.get('x-amzn-errortype')).toMatch(/^UnknownOperationException:/);
    expect(await response.text()).toContain(`It does not support ${method} ${path}.`);
  });
});

it.each([
  `us.${claude}`,
  `us-gov.${claude}`,
  `arn:aws:bedrock:us-east-1::foundation-model/${claude}`,
  `arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.${claude}`,
  'arn:aws:bedrock:us-east-1:111122223333:provisioned-model/abcdefghijkl',
  'arn:aws:sagemaker:us-east-1:111122223333:endpoint/my-endpoint',
])('the model %s is supported', async (modelId) => {
  expect((await invoke(payload, modelId)).status).toBe(200);
});
