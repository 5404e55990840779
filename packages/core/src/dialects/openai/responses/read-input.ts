import type { JsonObject } from '../../../models/json-object.js';
import { arrangeConversation, type ConversationWords, withoutBlanks } from '../arrange-conversation.js';
import { documentBlock, imageBlock, readAudio, readContent, withMessageMark } from '../content-parts.js';
import type { Block, Conversation, Message } from '../conversation.js';
import {
  invalid,
  readList,
  readString,
  readWord,
  requireObject,
  requireString,
  unsupportedContent,
  unsupportedParameter,
} from '../request-members.js';
import { unsealReasoning } from './encrypted-reasoning.js';
import { toolName } from './response-tools.js';

/** The conversation of a request, and what was left out of it. */
export interface ReadInput {
  readonly conversation: Conversation;
  readonly dropped: readonly string[];
}

/**
 * Reads `instructions` and `input`. Throws a `ProxyError` for an item that is malformed, that has content which is not supported, that
 * refers to something stored, or that does not fit those before it.
 */
export function readInput({ instructions, input }: JsonObject): ReadInput {
  const dropped: string[] = [];
  const system = readString(instructions, 'instructions') ?? '';
  return {
    conversation: arrangeConversation(
      [{ role: 'system', blocks: [{ type: 'text', text: system }] }, ...readItems(input, dropped)],
      words,
    ),
    dropped,
  };
}

const words: ConversationWords = {
  conversation: 'input',
  callId: 'call_id',
  resultId: 'call_id',
  adviceForResult: 'Send the output of this call, as an item after it and before the next message of the assistant.',
};

function readItems(input: unknown, dropped: string[]): readonly Message[] {
  if (typeof input === 'string') return [{ role: 'user', blocks: [{ type: 'text', text: input }] }];
  const items = readList(input, 'input');
  if (!items) throw invalid('input', 'Send a string or an array of items.');
  return items.map((value, index) => {
    const path = `input[${index}]`;
    const item = requireObject(value, path);
    return withMessageMark(readItem(item, path, dropped), item);
  });
}

function readItem(item: JsonObject, path: string, dropped: string[]): Message {
  switch (readString(item['type'], `${path}.type`)) {
    case undefined:
    case 'message':
      return readMessage(item, path);
    case 'reasoning':
      return { role: 'assistant', blocks: readReasoning(item, path, dropped) };
    case 'function_call':
      return readCall(item, path, readString(item['arguments'], `${path}.arguments`) ?? '');
    case 'custom_tool_call':
      return readCall(item, path, JSON.stringify({ input: readString(item['input'], `${path}.input`) ?? '' }));
    case 'function_call_output':
    case 'custom_tool_call_output':
      return { role: 'user', blocks: [readResult(item, path)] };
    case 'item_reference':
      throw unsupportedParameter(path, 'This proxy stores nothing: send store:false, and the item itself.');
    default:
      throw unsupportedContent(
        `${path}.type`,
        'Send items of the types message, reasoning, function_call, function_call_output, custom_tool_call and custom_tool_call_output.',
      );
  }
}

const roles = ['system', 'developer', 'user', 'assistant'] as const;

function readMessage({ role: value, content }: JsonObject, path: string): Message {
  const role = readWord(value, `${path}.role`, roles);
  if (role === undefined) throw invalid(`${path}.role`, `Send one of: ${roles.join(', ')}.`);
  const contentPath = `${path}.content`;
  if (role === 'user') return { role, blocks: readContent(content, contentPath, readUserPart) };
  if (role === 'assistant') return { role, blocks: readContent(content, contentPath, readAssistantPart) };
  return { role: 'system', blocks: readContent(content, contentPath, readTextPart) };
}

/** Reasoning of another maker is left out: no model takes it back. */
function readReasoning(item: JsonObject, path: string, dropped: string[]): readonly Block[] {
  const sealed = readString(item['encrypted_content'], `${path}.encrypted_content`);
  if (sealed === undefined) return [];
  const blocks = unsealReasoning(sealed);
  if (!blocks) dropped.push('encrypted_content');
  return blocks?.map((value) => ({ type: 'reasoning', value })) ?? [];
}

function readCall(item: JsonObject, path: string, json: string): Message {
  const name = requireString(item['name'], `${path}.name`);
  return {
    role: 'assistant',
    blocks: [
      {
        type: 'call',
        id: requireString(item['call_id'], `${path}.call_id`),
        name: toolName(name, readString(item['namespace'], `${path}.namespace`)),
        json,
        path,
      },
    ],
  };
}

function readResult(item: JsonObject, path: string): Block {
  const content = readContent(item['output'], `${path}.output`, readResultPart);
  return {
    type: 'result',
    id: requireString(item['call_id'], `${path}.call_id`),
    content: withoutBlanks(content),
    path,
    cache: content.findLast((part) => part.cache)?.cache,
  };
}

const textTypes: ReadonlySet<unknown> = new Set(['input_text', 'output_text', 'text']);

function readTextPart(part: JsonObject, path: string): Block {
  if (textTypes.has(part['type'])) return { type: 'text', text: readString(part['text'], `${path}.text`) ?? '' };
  throw unsupportedContent(path, 'Only text can be sent here.');
}

function readAssistantPart(part: JsonObject, path: string): Block {
  if (part['type'] !== 'refusal') return readTextPart(part, path);
  return { type: 'text', text: readString(part['refusal'], `${path}.refusal`) ?? '' };
}

function readResultPart(part: JsonObject, path: string): Block {
  return part['type'] === 'input_image' ? readImage(part, path) : readTextPart(part, path);
}

function readUserPart(part: JsonObject, path: string): Block {
  switch (part['type']) {
    case 'input_image':
      return readImage(part, path);
    case 'input_file':
      return documentBlock(
        readString(part['file_data'], `${path}.file_data`),
        readString(part['filename'], `${path}.filename`),
        path,
      );
    case 'input_audio':
      return readAudio(part, path);
    default:
      if (textTypes.has(part['type'])) return readTextPart(part, path);
      throw unsupportedContent(path, 'Send input_text, input_image, input_file or input_audio.');
  }
}

function readImage(part: JsonObject, path: string): Block {
  return imageBlock(readString(part['image_url'], `${path}.image_url`) ?? '', path);
}
