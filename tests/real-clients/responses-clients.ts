import type { InstalledPackages } from './installed-packages.ts';
import {
  type AiSdk as AiStreams,
  type Ask,
  askAiSdk,
  askLangChain,
  type ChatOutcome,
  type LangChainStream,
} from './openai-chat-clients.ts';
import { token } from './openai-setup.ts';

const schema = { type: 'object', properties: { city: { type: 'string' } } };
const names = ['first_tool', 'second_tool'];
const tools = names.map((name) => ({ type: 'function', name, parameters: schema, strict: false }));

/** The parts of OpenAI's SDK that are used here. */
export interface ResponsesSdk {
  readonly responses: {
    create(body: object): Promise<SdkResponse & AsyncIterable<ResponseEvent>>;
    stream(body: object): AsyncIterable<ResponseEvent> & { finalResponse(): Promise<SdkResponse> };
  };
}

export interface SdkResponse {
  readonly id: string;
  readonly model: string;
  readonly status: string;
  readonly output_text: string;
  readonly output: readonly OutputItem[];
  readonly usage: { readonly input_tokens: number; readonly output_tokens: number; readonly total_tokens: number };
}

export interface OutputItem {
  readonly id: string;
  readonly type: string;
  readonly call_id?: string;
  readonly name?: string;
  readonly arguments?: string;
  readonly input?: string;
}

export interface ResponseEvent {
  readonly type: string;
  readonly delta?: string;
  readonly item?: OutputItem;
  readonly item_id?: string;
  readonly sequence_number: number;
}

export async function startResponsesSdk(packages: InstalledPackages, baseURL: string): Promise<ResponsesSdk> {
  const { default: OpenAI } = await packages.load<{ default: new (options: object) => ResponsesSdk }>('openai');
  return new OpenAI({ apiKey: token, baseURL, maxRetries: 0 });
}

/** The raw iteration, for callers that act on every call whose arguments parse, whatever comes later. */
async function rawSdk(packages: InstalledPackages, baseURL: string): Promise<Ask> {
  const client = await startResponsesSdk(packages, baseURL);
  return async (model) => {
    let text = '';
    let isFinished = false;
    let error: unknown;
    const calls = new Map<string, { name: string; json: string }>();
    try {
      const stream = await client.responses.create({ model, input: 'Hello', stream: true, store: false, tools });
      for await (const { type, delta = '', item, item_id: id = '' } of stream) {
        if (type === 'response.output_text.delta') text += delta;
        if (type === 'response.completed') isFinished = true;
        if (item?.type === 'function_call') {
          calls.set(item.id, { name: String(item.name), json: String(item.arguments) });
        }
        const call = calls.get(id);
        if (call && type === 'response.function_call_arguments.delta') call.json += delta;
      }
    } catch (thrown) {
      error = thrown;
    }
    return { text, isFinished, calls: [...calls.values()].flatMap(runnable), error };
  };
}

function runnable({ name, json }: { readonly name: string; readonly json: string }): ChatOutcome['calls'] {
  try {
    return [{ name, input: JSON.parse(json) }];
  } catch {
    return [];
  }
}

/** The helper of the SDK. */
async function sdkHelper(packages: InstalledPackages, baseURL: string): Promise<Ask> {
  const client = await startResponsesSdk(packages, baseURL);
  return async (model) => {
    try {
      const response = await client.responses.stream({ model, input: 'Hello', store: false, tools }).finalResponse();
      const calls = response.output.flatMap(({ type, name = '', arguments: json = '' }) =>
        type === 'function_call' ? runnable({ name, json }) : [],
      );
      return { text: response.output_text, isFinished: response.status === 'completed', calls, error: undefined };
    } catch (error) {
      return { text: '', isFinished: false, calls: [], error };
    }
  };
}

/** The parts of the AI SDK that are used here. */
export interface AiSdk extends AiStreams {
  generateText(options: object): Promise<AiResult>;
  stepCountIs(count: number): unknown;
}

interface AiResult {
  readonly text: string;
  readonly finishReason: string;
}

export type ResponsesProvider = (model: string) => object;

/** The AI SDK with its own provider for OpenAI, which calls the Responses API. */
export async function startAiSdk(packages: InstalledPackages, baseURL: string) {
  const ai = await packages.load<AiSdk>('ai');
  type Create = { createOpenAI(options: object): ResponsesProvider };
  const { createOpenAI } = await packages.load<Create>('@ai-sdk/openai');
  return { ai, provider: createOpenAI({ baseURL, apiKey: token }) };
}

async function aiSdk(packages: InstalledPackages, baseURL: string): Promise<Ask> {
  const { ai, provider } = await startAiSdk(packages, baseURL);
  return askAiSdk(ai, provider, { providerOptions: { openai: { store: false } } });
}

export interface LangChainModel extends LangChainStream {
  invoke(messages: readonly unknown[]): Promise<LangChainMessage>;
  bindTools(tools: readonly object[]): LangChainModel;
}

export interface LangChainMessage {
  readonly text: string;
  readonly tool_calls?: readonly { readonly id: string; readonly name: string; readonly args: object }[];
  readonly usage_metadata?: { readonly total_tokens: number };
}

/** LangChain, asked to use the Responses API. */
export async function startLangChain(packages: InstalledPackages, baseURL: string) {
  type Module = { ChatOpenAI: new (options: object) => LangChainModel };
  const { ChatOpenAI } = await packages.load<Module>('@langchain/openai');
  const options = { apiKey: token, maxRetries: 0, useResponsesApi: true, zdrEnabled: true, configuration: { baseURL } };
  return (model: string) => new ChatOpenAI({ model, ...options });
}

async function langChain(packages: InstalledPackages, baseURL: string): Promise<Ask> {
  return askLangChain(await startLangChain(packages, baseURL), runnable);
}

/** The clients of the Responses API, each as its callers use it for a stream. */
export const responsesClients: readonly {
  readonly name: string;
  start(packages: InstalledPackages, baseURL: string): Promise<Ask>;
}[] = [
  { name: "OpenAI's SDK", start: rawSdk },
  { name: "the helper of OpenAI's SDK", start: sdkHelper },
  { name: 'the AI SDK', start: aiSdk },
  { name: 'LangChain', start: langChain },
];
