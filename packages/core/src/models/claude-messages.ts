import {
  type ChunkReading,
  type ContentEvent,
  citation,
  type ModelFamily,
  noContent,
  readUsage,
  reasoningContent,
  reasoningRedacted,
  reasoningSignature,
  textContent,
  toolCallArguments,
  toolCallStart,
  wholeToolCall,
} from './chunk-reading.js';
import { indexAt, type JsonObject, objectAt, objectsAt, stringAt } from './json-object.js';

const types: ReadonlySet<unknown> = new Set([
  'message_start',
  'content_block_start',
  'content_block_delta',
  'content_block_stop',
  'message_delta',
  'message_stop',
  'ping',
  'error',
  // A whole answer.
  'message',
]);

const usageKeys = {
  inputTokens: 'input_tokens',
  outputTokens: 'output_tokens',
  cacheReadTokens: 'cache_read_input_tokens',
  cacheWriteTokens: 'cache_creation_input_tokens',
};

/** Anthropic Claude, Messages API. Blocks and deltas of unknown types are skipped, as Anthropic requires of clients. */
export const claudeMessages: ModelFamily = {
  name: 'claude-messages',
  isText: true,
  matches: (chunk) => types.has(chunk.type) || isUntypedMessage(chunk),
  read(chunk): ChunkReading {
    switch (chunk.type) {
      case 'content_block_delta':
        return { content: readDelta(chunk) };
      case 'content_block_start':
        return { content: readBlockStart(chunk) };
      case 'message_start':
        return { usage: readUsage(objectAt(chunk, 'message')?.usage, usageKeys) };
      case 'message_delta':
        return { stopReason: stringAt(chunk.delta, 'stop_reason'), usage: readUsage(chunk.usage, usageKeys) };
      case 'message_stop':
        return { endsAnswer: true };
      case 'message':
        return readMessage(chunk);
      case 'error':
        return {
          failure: {
            type: stringAt(chunk.error, 'type') ?? 'error',
            message: stringAt(chunk.error, 'message') ?? 'no message',
          },
        };
      default:
        return isUntypedMessage(chunk) ? readMessage(chunk) : {};
    }
  },
};

/** A whole answer without a type, as some servers with the Claude format return it. */
function isUntypedMessage(chunk: JsonObject): boolean {
  return chunk.type === undefined && Array.isArray(chunk.content) && ('stop_reason' in chunk || 'usage' in chunk);
}

function readDelta(chunk: JsonObject): readonly ContentEvent[] {
  const delta = objectAt(chunk, 'delta');
  const index = indexAt(chunk, 'index');
  switch (delta?.type) {
    case 'text_delta':
      return textContent(delta.text, index);
    case 'thinking_delta':
      return reasoningContent(delta.thinking, index);
    case 'signature_delta':
      return reasoningSignature(delta.signature, index);
    case 'citations_delta':
      return citation(delta.citation, index);
    case 'input_json_delta':
      return toolCallArguments(index, delta.partial_json);
    default:
      return noContent;
  }
}

function readBlockStart(chunk: JsonObject): readonly ContentEvent[] {
  const block = objectAt(chunk, 'content_block');
  const index = indexAt(chunk, 'index');
  switch (block?.type) {
    case 'text':
      return textContent(block.text, index);
    case 'redacted_thinking':
      return reasoningRedacted(block.data, index);
    case 'tool_use':
    case 'server_tool_use':
      return [toolCallStart(index, block.id, block.name)];
    default:
      return noContent;
  }
}

function readMessage(message: JsonObject): ChunkReading {
  return {
    content: objectsAt(message, 'content').flatMap(readBlock),
    stopReason: stringAt(message, 'stop_reason'),
    endsAnswer: true,
    usage: readUsage(message.usage, usageKeys),
  };
}

function readBlock(block: JsonObject, index: number): readonly ContentEvent[] {
  switch (block.type) {
    case 'text':
      return [
        ...textContent(block.text, index),
        ...objectsAt(block, 'citations').flatMap((each) => citation(each, index)),
      ];
    case 'thinking':
      return [...reasoningContent(block.thinking, index), ...reasoningSignature(block.signature, index)];
    case 'redacted_thinking':
      return reasoningRedacted(block.data, index);
    case 'tool_use':
    case 'server_tool_use':
      return wholeToolCall(index, block.id, block.name, block.input);
    default:
      return noContent;
  }
}
