import type { InstalledPackages } from './installed-packages.ts';
import { token } from './openai-setup.ts';

/** What a client hands to its caller. */
export interface ChatOutcome {
  readonly text: string;
  /** Whether it took the answer for finished. */
  readonly isFinished: boolean;
  /** The calls of tools that it would run. */
  readonly calls: readonly { readonly name: string; readonly input: unknown }[];
  readonly error: unknown;
}

/** Asks a model, and offers it two tools. */
export type Ask = (model: string) => Promise<ChatOutcome>;

const schema = { type: 'object', properties: { city: { type: 'string' } } };
const names = ['first_tool', 'second_tool'];
const tools = names.map((name) => ({ type: 'function', function: { name, parameters: schema } }));
const messages = [{ role: 'user', content: 'Hello' }];

interface Chunk {
  readonly choices: readonly {
    readonly delta: { readonly content?: string; readonly tool_calls?: readonly CallDelta[] };
    readonly finish_reason: string | null;
  }[];
}

interface CallDelta {
  readonly index: number;
  readonly function: { readonly name?: string; readonly arguments: string };
}

interface OpenAiClient {
  readonly chat: {
    readonly completions: {
      create(body: object): Promise<AsyncIterable<Chunk>>;
      stream(body: object): AsyncIterable<Chunk> & { finalChatCompletion(): Promise<Completion> };
    };
  };
}

interface Completion {
  readonly choices: readonly {
    readonly message: {
      readonly content: string;
      readonly tool_calls?: readonly { readonly function: { readonly name: string; readonly arguments: string } }[];
    };
  }[];
}

async function startSdk(packages: InstalledPackages, baseURL: string): Promise<OpenAiClient> {
  const { default: OpenAI } = await packages.load<{ default: new (options: object) => OpenAiClient }>('openai');
  return new OpenAI({ apiKey: token, baseURL, maxRetries: 0 });
}

/** The raw iteration, for callers that act on every call whose arguments parse, whatever comes later. */
async function rawSdk(packages: InstalledPackages, baseURL: string): Promise<Ask> {
  const client = await startSdk(packages, baseURL);
  return async (model) => {
    let text = '';
    let isFinished = false;
    let error: unknown;
    const calls = new Map<number, { name: string; json: string }>();
    try {
      const stream = await client.chat.completions.create({ model, stream: true, messages, tools });
      for await (const { choices } of stream) {
        text += choices[0]?.delta.content ?? '';
        isFinished ||= typeof choices[0]?.finish_reason === 'string';
        for (const { index, function: piece } of choices[0]?.delta.tool_calls ?? []) {
          const call = calls.get(index) ?? { name: '', json: '' };
          calls.set(index, { name: call.name + (piece.name ?? ''), json: call.json + piece.arguments });
        }
      }
    } catch (thrown) {
      error = thrown;
    }
    return { text, isFinished, calls: [...calls.values()].flatMap(runnable), error };
  };
}

/** A call counts if its arguments parse; some clients take none for an empty object. */
function runnable({ name, json }: { readonly name: string; readonly json: string }): ChatOutcome['calls'] {
  try {
    return [{ name, input: JSON.parse(json || '{}') }];
  } catch {
    return [];
  }
}

/** The helper of the SDK. */
async function sdkHelper(packages: InstalledPackages, baseURL: string): Promise<Ask> {
  const client = await startSdk(packages, baseURL);
  return async (model) => {
    try {
      const { choices } = await client.chat.completions.stream({ model, messages, tools }).finalChatCompletion();
      const { content, tool_calls: calls = [] } = choices[0]?.message ?? { content: '' };
      const asked = calls.flatMap(({ function: { name, arguments: json } }) => runnable({ name, json }));
      return { text: content, isFinished: true, calls: asked, error: undefined };
    } catch (error) {
      return { text: '', isFinished: false, calls: [], error };
    }
  };
}

/** The part of the AI SDK that streams. */
export interface AiSdk {
  streamText(options: object): { readonly fullStream: AsyncIterable<AiPart> };
  tool(definition: object): object;
  jsonSchema(schema: object): object;
}

interface AiPart {
  readonly type: string;
  readonly text?: string;
  readonly error?: unknown;
  readonly finishReason?: string;
}

/** The AI SDK, with tools that note that they were run. */
async function aiSdk(packages: InstalledPackages, baseURL: string): Promise<Ask> {
  type Create = { createOpenAICompatible(options: object): (model: string) => object };
  const { createOpenAICompatible } = await packages.load<Create>('@ai-sdk/openai-compatible');
  const provider = createOpenAICompatible({ name: 'proxy', baseURL, apiKey: token });
  return askAiSdk(await packages.load<AiSdk>('ai'), provider);
}

/** Asks by any provider of the AI SDK. */
export function askAiSdk(ai: AiSdk, provider: (model: string) => object, options: object = {}): Ask {
  return async (model) => {
    const calls: { name: string; input: unknown }[] = [];
    const toolOf = (name: string) => {
      const execute = async (input: unknown) => {
        calls.push({ name, input });
        return 'done';
      };
      return [name, ai.tool({ inputSchema: ai.jsonSchema(schema), execute })] as const;
    };
    let text = '';
    let isFinished = false;
    let error: unknown;
    const { fullStream } = ai.streamText({
      model: provider(model),
      messages,
      maxRetries: 0,
      tools: Object.fromEntries(names.map(toolOf)),
      onError: () => undefined,
      ...options,
    });
    for await (const part of fullStream) {
      if (part.type === 'text-delta') text += part.text;
      if (part.type === 'error') error ??= part.error;
      if (part.type === 'finish') isFinished = part.finishReason === 'stop' || part.finishReason === 'tool-calls';
    }
    return { text, isFinished, calls, error };
  };
}

/** A model of LangChain, as far as it streams. */
export interface LangChainStream {
  stream(messages: readonly unknown[]): Promise<AsyncIterable<LangChainChunk>>;
  bindTools(tools: readonly object[]): LangChainStream;
}

interface LangChainChunk {
  readonly text: string;
  readonly tool_call_chunks?: readonly { readonly index?: number; readonly name?: string; readonly args?: string }[];
  /** The first is of chat completions, the second of the Responses API. */
  readonly response_metadata: { readonly finish_reason?: string; readonly status?: string };
}

async function langChain(packages: InstalledPackages, baseURL: string): Promise<Ask> {
  type Module = { ChatOpenAI: new (options: object) => LangChainStream };
  const { ChatOpenAI } = await packages.load<Module>('@langchain/openai');
  const options = { apiKey: token, maxRetries: 0, useResponsesApi: false, configuration: { baseURL } };
  return askLangChain((model) => new ChatOpenAI({ model, ...options }), runnable);
}

/** Asks any model of LangChain. `judge` returns the call, if it could be run. */
export function askLangChain(start: (model: string) => LangChainStream, judge: typeof runnable): Ask {
  return async (model) => {
    let text = '';
    let isFinished = false;
    let error: unknown;
    const calls = new Map<number, { name: string; json: string }>();
    try {
      for await (const chunk of await start(model).bindTools(tools).stream(['Hello'])) {
        text += chunk.text;
        const { finish_reason: reason, status } = chunk.response_metadata;
        isFinished ||= reason !== undefined || status === 'completed';
        for (const { index = 0, name = '', args = '' } of chunk.tool_call_chunks ?? []) {
          const call = calls.get(index) ?? { name: '', json: '' };
          calls.set(index, { name: call.name + name, json: call.json + args });
        }
      }
    } catch (thrown) {
      error = thrown;
    }
    return { text, isFinished, calls: [...calls.values()].flatMap(judge), error };
  };
}

/** The clients of chat completions, each as its callers use it for a stream. */
export const chatClients: readonly {
  readonly name: string;
  start(packages: InstalledPackages, baseURL: string): Promise<Ask>;
}[] = [
  { name: "OpenAI's SDK", start: rawSdk },
  { name: "the helper of OpenAI's SDK", start: sdkHelper },
  { name: 'the AI SDK', start: aiSdk },
  { name: 'LangChain', start: langChain },
];
