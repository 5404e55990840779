import { clientLibraries } from './client-packages.ts';
import { installPackages } from './installed-packages.ts';

/** What a client makes of a streamed answer. */
export interface ClientOutcome {
  /** Whether the client hands the answer to its caller as complete, without an error. */
  readonly isFinished: boolean;
  readonly text: string;
  /** The class or type of the error that the caller sees. */
  readonly error?: string;
}

/** A client library of other people, which asks for a stream at an endpoint of the proxy. */
export interface StreamingClient {
  stream(modelId: string): Promise<ClientOutcome>;
}

interface Endpoint {
  readonly url: string;
  readonly token: string;
}

export const question = 'Hello';
export const converseMessages = [{ role: 'user', content: [{ text: question }] }];
const claudeBody = {
  anthropic_version: 'bedrock-2023-05-31',
  max_tokens: 100,
  messages: [{ role: 'user', content: question }],
};

interface ClaudeEvent {
  readonly delta?: { readonly text?: string };
}

/** The parts of the AWS SDK for JavaScript that are used here. */
export interface AwsSdk {
  readonly BedrockRuntimeClient: new (options: object) => AwsClient;
  readonly InvokeModelCommand: new (input: object) => object;
  readonly InvokeModelWithResponseStreamCommand: new (input: object) => object;
  readonly ConverseCommand: new (input: object) => object;
  readonly ConverseStreamCommand: new (input: object) => object;
  readonly CountTokensCommand: new (input: object) => object;
}

interface AwsClient {
  send<Output>(command: object): Promise<Output>;
  destroy(): void;
}

/** The AWS SDK for JavaScript, over its own HTTP/2 or over HTTP/1.1. */
export async function loadAwsSdk({ url, token }: Endpoint, protocol: 'h1' | 'h2') {
  const packages = await installPackages(clientLibraries);
  const sdk = await packages.load<AwsSdk>('@aws-sdk/client-bedrock-runtime');
  const { NodeHttpHandler } = await packages.load<{ NodeHttpHandler: new () => object }>('@smithy/node-http-handler');
  const client = new sdk.BedrockRuntimeClient({
    region: 'us-east-1',
    endpoint: url,
    token: { token },
    authSchemePreference: ['httpBearerAuth'],
    maxAttempts: 1,
    ...(protocol === 'h1' && { requestHandler: new NodeHttpHandler() }),
  });
  return { sdk, client };
}

/** InvokeModelWithResponseStream by the AWS SDK for JavaScript. */
export async function awsInvokeClient(endpoint: Endpoint): Promise<StreamingClient> {
  const { sdk, client } = await loadAwsSdk(endpoint, 'h1');
  return {
    stream: (modelId) =>
      outcomeOf(async (add) => {
        const input = { modelId, contentType: 'application/json', body: JSON.stringify(claudeBody) };
        const command = new sdk.InvokeModelWithResponseStreamCommand(input);
        const { body } = await client.send<{ body: AsyncIterable<{ chunk?: { bytes: Uint8Array } }> }>(command);
        for await (const { chunk } of body) {
          if (chunk) add((JSON.parse(Buffer.from(chunk.bytes).toString()) as ClaudeEvent).delta?.text);
        }
      }),
  };
}

/** ConverseStream by the AWS SDK for JavaScript. */
export async function awsConverseClient(endpoint: Endpoint): Promise<StreamingClient> {
  const { sdk, client } = await loadAwsSdk(endpoint, 'h2');
  return {
    stream: (modelId) =>
      outcomeOf(async (add) => {
        const command = new sdk.ConverseStreamCommand({ modelId, messages: converseMessages });
        const { stream } = await client.send<{ stream: AsyncIterable<{ contentBlockDelta?: ClaudeEvent }> }>(command);
        for await (const { contentBlockDelta } of stream) add(contentBlockDelta?.delta?.text);
      }),
  };
}

interface AnthropicBedrock {
  readonly messages: { create(request: object): Promise<AsyncIterable<ClaudeEvent>> };
}

/** The raw stream of `@anthropic-ai/bedrock-sdk`, which checks less than its helpers do. */
export async function anthropicClient({ url, token }: Endpoint): Promise<StreamingClient> {
  const { AnthropicBedrock } = await (await installPackages(clientLibraries)).load<{
    AnthropicBedrock: new (options: object) => AnthropicBedrock;
  }>('@anthropic-ai/bedrock-sdk');
  const client = new AnthropicBedrock({ baseURL: url, apiKey: token, awsRegion: 'us-east-1', maxRetries: 0 });
  return {
    stream: (model) =>
      outcomeOf(async (add) => {
        const { messages, max_tokens } = claudeBody;
        const stream = await client.messages.create({ model, messages, max_tokens, stream: true });
        for await (const { delta } of stream) add(delta?.text);
      }),
  };
}

interface TextStreamPart {
  readonly type: string;
  readonly text?: string;
  readonly error?: unknown;
  readonly finishReason?: string;
}

interface Ai {
  streamText(options: object): { readonly fullStream: AsyncIterable<TextStreamPart> };
}

/** `streamText` of the AI SDK, by Converse. */
export async function aiSdkClient({ url, token }: Endpoint): Promise<StreamingClient> {
  const packages = await installPackages(clientLibraries);
  const { streamText } = await packages.load<Ai>('ai');
  const { createAmazonBedrock } = await packages.load<{
    createAmazonBedrock(options: object): (modelId: string) => object;
  }>('@ai-sdk/amazon-bedrock');
  const bedrock = createAmazonBedrock({ baseURL: url, apiKey: token, region: 'us-east-1' });
  return {
    stream: (modelId) =>
      outcomeOf(async (add) => {
        const { fullStream } = streamText({ model: bedrock(modelId), prompt: question, maxRetries: 0, onError() {} });
        for await (const part of fullStream) {
          if (part.type === 'error') throw part.error;
          // `other`: the model gave no reason, which a caller must not take for an end.
          if (part.type === 'finish' && /^(?:error|other|unknown)$/.test(part.finishReason ?? 'unknown')) {
            throw new Error(`finishReason ${part.finishReason}`);
          }
          if (part.type === 'text-delta') add(part.text);
        }
      }),
  };
}

async function outcomeOf(read: (add: (text: string | undefined) => void) => Promise<void>): Promise<ClientOutcome> {
  let text = '';
  try {
    await read((piece = '') => {
      text += piece;
    });
    return { isFinished: true, text };
  } catch (error) {
    return { isFinished: false, text, error: nameOf(error) };
  }
}

function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return JSON.stringify(error);
  return 'type' in error && typeof error.type === 'string' ? error.type : error.name;
}
