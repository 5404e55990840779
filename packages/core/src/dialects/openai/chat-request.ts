import { isJsonObject, type JsonObject } from '../../models/json-object.js';
import { readCommonMembers } from './common-members.js';
import type { ConversationRequest, ReadOptions } from './converse-codec.js';
import type { TextFormat } from './model-request.js';
import { readEffort } from './plan-reasoning.js';
import { readChatMessages } from './read-chat-messages.js';
import {
  readBoolean,
  readCount,
  readList,
  readModel,
  readNumber,
  readObject,
  readString,
  readWord,
  requireObject,
} from './request-members.js';
import { readTools } from './tool-request.js';

/** A request for a chat completion. */
export interface ChatRequest extends ConversationRequest {
  /** Whether a stream ends with the counts of tokens. */
  readonly includeUsage: boolean;
}

const own = {
  mapped: new Set([
    'messages',
    'stream_options',
    'max_completion_tokens',
    'max_tokens',
    'stop',
    'response_format',
    'reasoning_effort',
  ]),
};

/** Reads the members of a request. Throws a `ProxyError` that names the member which is wrong or not supported. */
export function readChatRequest(members: JsonObject, options: ReadOptions): ChatRequest {
  const model = readModel(members);
  const { settings, fields, dropped } = readCommonMembers(members, own, options);
  const tools = readTools(members);
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
    effortMember: 'reasoning_effort',
    settings,
    fields,
    dropped: [...dropped, ...(asksForTools(members) ? ['tool_choice'] : [])],
  };
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

/** Whether a client wants a tool to be called, and names no tools. */
function asksForTools({ tools, tool_choice: choice }: JsonObject): boolean {
  const hasTools = Array.isArray(tools) && tools.length > 0;
  return !hasTools && (choice === 'required' || isJsonObject(choice));
}
