import { isJsonObject, type JsonObject } from '../../models/json-object.js';
import { readChatMessages } from './chat-messages.js';
import type { ModelRequest, TextFormat } from './model-request.js';
import { readEffort } from './reasoning.js';
import {
  invalid,
  readBoolean,
  readCount,
  readList,
  readNumber,
  readObject,
  readString,
  readWord,
  requireObject,
  unsupportedParameter,
} from './request-members.js';
import { readTools } from './tools.js';

/** A request for a chat completion. */
export interface ChatRequest extends ModelRequest {
  readonly model: string;
  readonly stream: boolean;
  /** Whether a stream ends with the counts of tokens. */
  readonly includeUsage: boolean;
}

/** Members that ask for something which Converse does not have, and without which the answer is still an answer. */
const ignored: ReadonlySet<string> = new Set([
  ...['seed', 'frequency_penalty', 'presence_penalty', 'logit_bias', 'user', 'safety_identifier', 'metadata', 'store'],
  ...['prediction', 'verbosity', 'moderation', 'n', 'logprobs', 'top_logprobs', 'modalities', 'reasoning'],
  ...['include_reasoning', 'usage', 'provider', 'transforms', 'enable_thinking', 'chat_template_kwargs'],
]);

/** Members without which the answer would be another one than the client reads it as. */
const refused: Readonly<Record<string, (value: unknown) => boolean>> = {
  n: (value) => value !== 1,
  logprobs: (value) => value !== false,
  top_logprobs: (value) => value !== 0,
  modalities: (value) => !isTextOnly(value),
  audio: () => true,
  web_search_options: () => true,
  functions: () => true,
  function_call: () => true,
};

/** Members that are read one by one. */
const mapped: ReadonlySet<string> = new Set([
  ...['model', 'messages', 'stream', 'stream_options', 'max_completion_tokens', 'max_tokens', 'temperature', 'top_p'],
  ...['stop', 'response_format', 'service_tier', 'reasoning_effort', 'tools', 'tool_choice', 'parallel_tool_calls'],
  ...['guardrailConfig', 'performanceConfig', 'requestMetadata', 'additionalModelRequestFields'],
]);

export interface ChatRequestOptions {
  /** Whether the caller may choose a service tier; otherwise it is left out. */
  readonly mayChooseTier: boolean;
}

/** Reads the members of a request. Throws a `ProxyError` that names the member which is wrong or not supported. */
export function readChatRequest(members: JsonObject, { mayChooseTier }: ChatRequestOptions): ChatRequest {
  const model = readString(members['model'], 'model');
  if (!model) throw invalid('model', 'Send the model as a string: a model id, an inference-profile id or an ARN.');
  const sent = Object.entries(members).filter(([, value]) => value !== undefined && value !== null);
  for (const [name, value] of sent) {
    if (Object.hasOwn(refused, name) && refused[name]?.(value)) {
      throw unsupportedParameter(name, 'Leave it out: this proxy does not support it with this value.');
    }
  }
  const isIgnored = (name: string) => ignored.has(name) || /^prompt_cache_[a-z_]+$/.test(name);
  const own = sent.filter(([name]) => !mapped.has(name) && !isIgnored(name));
  const tools = readTools(members);
  const tier = readTier(members);
  const isChosen = mayChooseTier && (tier === 'flex' || tier === 'priority');
  return {
    model,
    stream: readBoolean(members['stream'], 'stream') ?? false,
    includeUsage: readIncludeUsage(members),
    conversation: readChatMessages(members['messages']),
    tools,
    format: readFormat(members['response_format']),
    maxTokens:
      readCount(members['max_completion_tokens'], 'max_completion_tokens') ??
      readCount(members['max_tokens'], 'max_tokens'),
    temperature: readNumber(members['temperature'], 'temperature'),
    topP: readNumber(members['top_p'], 'top_p'),
    stopSequences: readStop(members['stop']),
    effort: readEffort(members['reasoning_effort'], 'reasoning_effort'),
    settings: { ...readSettings(members), ...(isChosen && { serviceTier: { type: tier } }) },
    fields: {
      ...readObject(members['additionalModelRequestFields'], 'additionalModelRequestFields'),
      ...Object.fromEntries(own),
    },
    dropped: [
      ...sent.filter(([name, value]) => isIgnored(name) && asksForSomething(value, name)).map(([name]) => name),
      ...(tier && !isChosen ? ['service_tier'] : []),
      ...(asksForTools(members) ? ['tool_choice'] : []),
    ],
  };
}

function asksForSomething(value: unknown, name: string): boolean {
  return value !== false && value !== 0 && !isTextOnly(value) && !(name === 'n' && value === 1);
}

function isTextOnly(value: unknown): boolean {
  return Array.isArray(value) && value.length === 1 && value[0] === 'text';
}

function readIncludeUsage({ stream_options: options }: JsonObject): boolean {
  const { include_usage: include } = readObject(options, 'stream_options') ?? {};
  return readBoolean(include, 'stream_options.include_usage') ?? false;
}

function readStop(stop: unknown): readonly string[] {
  const listed = typeof stop === 'string' ? [stop] : (readList(stop, 'stop') ?? []);
  return listed.flatMap((sequence, index) => readString(sequence, `stop[${index}]`) || []);
}

function readFormat(value: unknown): TextFormat {
  const format = readObject(value, 'response_format');
  if (!format) return { type: 'text' };
  const type = readWord(format['type'], 'response_format.type', ['text', 'json_object', 'json_schema']);
  if (type !== 'json_schema') return { type: type ?? 'text' };
  const path = 'response_format.json_schema';
  const { schema, name, description } = requireObject(format['json_schema'], path);
  return {
    type,
    schema: requireObject(schema, `${path}.schema`),
    name: readString(name, `${path}.name`),
    description: readString(description, `${path}.description`),
  };
}

/** The tier that a client chose, if it is not the usual one. */
function readTier({ service_tier: value }: JsonObject): string | undefined {
  const tier = readString(value, 'service_tier');
  return tier === 'auto' || tier === 'default' ? undefined : tier;
}

/** Whether a client wants a tool to be called, and names no tools. */
function asksForTools({ tools, tool_choice: choice }: JsonObject): boolean {
  const hasTools = Array.isArray(tools) && tools.length > 0;
  return !hasTools && (choice === 'required' || isJsonObject(choice));
}

/** Settings of Bedrock, as they are. */
function readSettings(members: JsonObject): JsonObject {
  const names = ['guardrailConfig', 'performanceConfig', 'requestMetadata'];
  return Object.fromEntries(
    names.flatMap((name) => (isJsonObject(readObject(members[name], name)) ? [[name, members[name]]] : [])),
  );
}
