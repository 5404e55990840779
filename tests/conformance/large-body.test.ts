import { startBedrockEmulator } from '@bedrock-proxy/testing/emulator';
import { describe, expect, it } from 'vitest';
import { type BundleName, bundles, startBundle } from './bundles.ts';
import { invokeBundle } from './invoke-bundle.ts';
import { functionUrlEvent, httpApiEvent, restApiEvent } from './lambda-events.ts';

/** The size of a body with one image of the largest size that Claude accepts. */
const imageBodyBytes = 5_243_118;

const questionWith = (image: string) =>
  JSON.stringify({
    modelId: 'global.anthropic.claude-sonnet-4-5-20250929-v1:0',
    anthropic_version: 'bedrock-2023-05-31',
    max_tokens: 9,
    messages: [
      {
        role: 'user',
        content: [
          { type: 'image', source: { type: 'base64', media_type: 'image/png', data: image } },
          { type: 'text', text: 'Describe this.' },
        ],
      },
    ],
  });

const body = questionWith('A'.repeat(imageBodyBytes - questionWith('').length));

describe('a body with one image of the largest size', () => {
  it.each<[BundleName, string, object]>([
    ['function-url', 'a Function URL', functionUrlEvent({ body })],
    ['api-gateway', 'a REST API', restApiEvent({ body })],
    ['api-gateway', 'an HTTP API', httpApiEvent('/', '$default', { body })],
    ['api-gateway-stream', 'a REST API that streams', restApiEvent({ body })],
  ])('reaches the model through %s.zip behind %s', async (name, _sender, event) => {
    expect(Buffer.byteLength(body)).toBe(imageBodyBytes);
    const bedrock = await startBedrockEmulator({ paceMs: 0 });
    await using sandbox = await startBundle(bundles[name], { AWS_ENDPOINT_URL_BEDROCK_RUNTIME: bedrock.url });
    expect((await invokeBundle(sandbox, event)).statusCode).toBe(200);
    expect(bedrock.requests).toHaveLength(1);
    await bedrock.close();
  });
});
