import type { JsonObject } from '../../models/json-object.js';
import { arrangeConversation, type ConversationWords, withoutBlanks } from './arrange-conversation.js';
import {
  readAssistantPart,
  readCacheMark,
  readContent,
  readResultPart,
  readTextPart,
  readUserPart,
  withMessageMark,
} from './content-parts.js';
import type { Block, CallBlock, Conversation, Message } from './conversation.js';
import { readReasoningHistory } from './read-reasoning-history.js';
import {
  invalid,
  readList,
  readString,
  requireObject,
  requireString,
  unsupportedContent,
  unsupportedParameter,
} from './request-members.js';

/**
 * Reads the messages of a chat completion. Throws a `ProxyError` for a message that is malformed, that has content which is not
 * supported, or that does not fit those before it.
 */
export function readChatMessages(value: unknown): Conversation {
  const messages = readList(value, 'messages')?.map((message, index) =>
    readMessage(requireObject(message, `messages[${index}]`), `messages[${index}]`),
  );
  if (!messages) throw invalid('messages', 'Send an array of messages.');
  return arrangeConversation(messages, words);
}

const words: ConversationWords = {
  conversation: 'messages',
  callId: 'id',
  resultId: 'tool_call_id',
  adviceForResult: 'Send the result of this call, in a message of the role tool, right after the assistant.',
};

function readMessage(message: JsonObject, path: string): Message {
  return withMessageMark(readRole(message, path), message);
}

function readRole(message: JsonObject, path: string): Message {
  const content = message['content'];
  const contentPath = `${path}.content`;
  switch (readString(message['role'], `${path}.role`)) {
    case 'system':
    case 'developer':
      return { role: 'system', blocks: readContent(content, contentPath, readTextPart) };
    case 'user':
      return { role: 'user', blocks: readContent(content, contentPath, readUserPart) };
    case 'assistant':
      return { role: 'assistant', blocks: readAssistant(message, path) };
    case 'tool':
      return { role: 'user', blocks: [readResult(message, path)] };
    case 'function':
      throw unsupportedContent(
        `${path}.role`,
        'Functions are not supported. Send tools, tool_calls and messages of the role tool.',
      );
    default:
      throw invalid(`${path}.role`, 'Send system, developer, user, assistant or tool.');
  }
}

function readAssistant(message: JsonObject, path: string): readonly Block[] {
  for (const member of ['function_call', 'audio']) {
    if (message[member] === undefined || message[member] === null) continue;
    const advice =
      member === 'audio' ? 'Leave it out, and send the words as content.' : 'Send tool_calls in its place.';
    throw unsupportedParameter(`${path}.${member}`, advice);
  }
  const refusal = readString(message['refusal'], `${path}.refusal`) ?? '';
  return [
    ...readReasoningHistory(message),
    ...readContent(message['content'], `${path}.content`, readAssistantPart),
    ...(refusal === '' ? [] : [{ type: 'text', text: refusal } as const]),
    ...(readList(message['tool_calls'], `${path}.tool_calls`) ?? []).map((call, index) =>
      readCall(call, `${path}.tool_calls[${index}]`),
    ),
  ];
}

function readCall(value: unknown, path: string): CallBlock {
  const call = requireObject(value, path);
  if ((call['type'] ?? 'function') !== 'function') {
    throw unsupportedContent(`${path}.type`, 'Only calls of functions are supported.');
  }
  const { name, arguments: json } = requireObject(call['function'], `${path}.function`);
  return {
    type: 'call',
    id: requireString(call['id'], `${path}.id`),
    name: requireString(name, `${path}.function.name`),
    json: readString(json, `${path}.function.arguments`) ?? '',
    path,
    cache: readCacheMark(call),
  };
}

function readResult(message: JsonObject, path: string): Block {
  const content = readContent(message['content'], `${path}.content`, readResultPart);
  return {
    type: 'result',
    id: requireString(message['tool_call_id'], `${path}.tool_call_id`),
    content: withoutBlanks(content),
    path,
    cache: content.findLast((part) => part.cache)?.cache,
  };
}
