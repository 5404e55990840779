import type { JsonObject } from '../../../models/json-object.js';
import { readCommonMembers } from '../common-members.js';
import type { ConversationRequest, ReadOptions } from '../converse-codec.js';
import type { TextFormat } from '../model-request.js';
import { readEffort } from '../plan-reasoning.js';
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
} from '../request-members.js';
import { readInput } from './read-input.js';
import { type ResponseTools, readResponseTools } from './response-tools.js';

/** A request of the Responses API. */
export interface ResponsesRequest extends ConversationRequest {
  readonly originOf: ResponseTools['originOf'];
  /** Whether reasoning items have `encrypted_content`. */
  readonly sealsReasoning: boolean;
  /** The members of the answer that repeat the request. */
  readonly echo: JsonObject;
}

const stateless = 'This proxy stores nothing: send store:false, and the whole conversation as input.';
const always = (advice: string) => ({ is: () => true, advice });

const own = {
  mapped: new Set(['input', 'instructions', 'max_output_tokens', 'text', 'reasoning', 'include', 'truncation']),
  ignored: new Set(['max_tool_calls', 'client_metadata', 'stream_options', 'background', 'context_management']),
  refused: {
    previous_response_id: always(stateless),
    conversation: always(stateless),
    prompt: always('This proxy stores no prompts: send instructions and input.'),
    background: { is: (value: unknown) => value !== false, advice: 'This proxy stores nothing: send stream:true.' },
  },
};

/** Reads the members of a request. Throws a `ProxyError` that names the member which is wrong or not supported. */
export function readResponsesRequest(members: JsonObject, options: ReadOptions): ResponsesRequest {
  const model = readModel(members);
  const { settings, fields, tier, dropped } = readCommonMembers(members, own, options);
  const tools = readResponseTools(members);
  const { conversation, dropped: droppedInput } = readInput(members);
  const text = readObject(members['text'], 'text') ?? {};
  const reasoning = readObject(members['reasoning'], 'reasoning') ?? {};
  const include = readList(members['include'], 'include') ?? [];
  const truncation = readString(members['truncation'], 'truncation') ?? 'disabled';
  const maxTokens = readCount(members['max_output_tokens'], 'max_output_tokens');
  const temperature = readNumber(members['temperature'], 'temperature');
  const topP = readNumber(members['top_p'], 'top_p');
  return {
    model,
    stream: readBoolean(members['stream'], 'stream') ?? false,
    conversation,
    tools: tools.request,
    format: readFormat(text['format']),
    maxTokens,
    temperature,
    topP,
    stopSequences: [],
    effort: readEffort(reasoning['effort'], 'reasoning.effort'),
    effortMember: 'reasoning.effort',
    settings,
    fields,
    dropped: [
      ...dropped,
      ...tools.dropped,
      ...droppedInput,
      ...(text['verbosity'] ? ['text.verbosity'] : []),
      ...(include.some((name) => name !== sealedReasoning) ? ['include'] : []),
      ...(truncation === 'disabled' ? [] : ['truncation']),
    ],
    originOf: tools.originOf,
    sealsReasoning: include.includes(sealedReasoning),
    echo: {
      ...usual,
      ...sentOf(members, Object.keys(usual)),
      text: { format: { type: 'text' }, ...sentOf(text, ['format', 'verbosity']) },
      reasoning: { effort: null, summary: null, ...sentOf(reasoning, ['effort', 'summary']) },
      tools: tools.echo,
      store: false,
      background: false,
      service_tier: tier ?? 'default',
    },
  };
}

const sealedReasoning = 'reasoning.encrypted_content';

/** The members of an answer that repeat the request, as they are if it does not have them. */
const usual = {
  instructions: null,
  max_output_tokens: null,
  max_tool_calls: null,
  metadata: {},
  parallel_tool_calls: true,
  previous_response_id: null,
  temperature: 1,
  top_p: 1,
  presence_penalty: 0,
  frequency_penalty: 0,
  top_logprobs: 0,
  tool_choice: 'auto',
  truncation: 'disabled',
  user: null,
  safety_identifier: null,
  prompt_cache_key: null,
};

function sentOf(members: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(names.flatMap((name) => ((members[name] ?? null) === null ? [] : [[name, members[name]]])));
}

function readFormat(value: unknown): TextFormat {
  const format = readObject(value, 'text.format');
  if (!format) return { type: 'text' };
  const type = readWord(format['type'], 'text.format.type', ['text', 'json_object', 'json_schema']);
  if (type !== 'json_schema') return { type: type ?? 'text' };
  return {
    type,
    schema: requireObject(format['schema'], 'text.format.schema'),
    name: readString(format['name'], 'text.format.name'),
    description: readString(format['description'], 'text.format.description'),
  };
}
