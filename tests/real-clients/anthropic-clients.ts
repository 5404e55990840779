import { clientLibraries } from './client-packages.ts';
import { installPackages } from './installed-packages.ts';

/** A block of a message, as far as the tests read it. */
export interface Block {
  readonly type: string;
  readonly text?: string;
  readonly thinking?: string;
  readonly signature?: string;
  readonly id?: string;
  readonly name?: string;
  readonly input?: unknown;
}

export interface Message {
  readonly id: string;
  readonly role: string;
  readonly content: readonly Block[];
  readonly stop_reason: string | null;
  readonly usage: { readonly input_tokens: number; readonly output_tokens: number };
}

/** An event of a raw stream. */
export interface RawEvent {
  readonly type: string;
  readonly delta?: { readonly text?: string };
}

/** The part of Anthropic's SDK that the tests use. */
export interface AnthropicClient {
  readonly messages: {
    create(request: object): Promise<Message> & { withResponse(): Promise<{ readonly response: Response }> };
    stream(request: object): AsyncIterable<RawEvent> & { finalMessage(): Promise<Message> };
    countTokens(request: object): Promise<{ readonly input_tokens: number }>;
  };
  readonly beta: { readonly messages: { create(request: object): Promise<Message> } };
  readonly models: {
    list(): AsyncIterable<{ readonly id: string }>;
    retrieve(id: string): Promise<{ readonly id: string; readonly display_name: string }>;
  };
}

interface SdkModule {
  readonly default: new (options: object) => AnthropicClient;
}

/** Loads the SDK, and makes a client of a gateway. */
export async function loadAnthropicSdk(): Promise<(baseURL: string, options?: object) => AnthropicClient> {
  const { default: Anthropic } = await (await installPackages(clientLibraries)).load<SdkModule>('@anthropic-ai/sdk');
  return (baseURL, options) => new Anthropic({ baseURL, maxRetries: 0, ...options });
}

/** Asks for a raw stream. */
export async function streamRaw(client: AnthropicClient, request: object): Promise<AsyncIterable<RawEvent>> {
  const stream: unknown = await client.messages.create({ ...request, stream: true });
  return stream as AsyncIterable<RawEvent>;
}
