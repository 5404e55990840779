import type { Usage } from '../ports/model-invoker.js';
import {
  type ChunkReading,
  citation,
  joinTexts,
  type ModelFamily,
  noContent,
  readText,
  reasoningContent,
  reasoningRedacted,
  reasoningSignature,
  type TextReading,
  toolCallArguments,
  toolCallStart,
  usageOf,
  wholeToolCall,
} from './chunk-reading.js';
import { countAt, indexAt, isJsonObject, type JsonObject, objectAt, objectsAt, stopReasonAt } from './json-object.js';

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

/** Anthropic Claude, Messages API. Blocks and deltas of unknown types are skipped, as Anthropic requires of clients. */
export const claudeMessages: ModelFamily = {
  name: 'claude-messages',
  isText: true,
  matches: (chunk) => types.has(chunk.type) || isUntypedMessage(chunk),
  read(chunk): ChunkReading {
    switch (chunk.type) {
      case 'content_block_delta':
        return readDelta(chunk);
      case 'content_block_start':
        return readBlockStart(chunk);
      case 'message_start':
        // Its output count is an estimate of a few tokens.
        return { usage: readCounters(objectAt(chunk, 'message')?.usage), isFirstUsage: true };
      case 'message_delta':
        return { stopReason: stopReasonAt(chunk.delta, 'stop_reason'), usage: readCounters(chunk.usage) };
      case 'message_stop':
        return { endsAnswer: true };
      case 'message':
        return readMessage(chunk);
      default:
        return isUntypedMessage(chunk) ? readMessage(chunk) : {};
    }
  },
};

/** A whole answer without a type, as some servers with the Claude format return it. */
function isUntypedMessage(chunk: JsonObject): boolean {
  return chunk.type === undefined && Array.isArray(chunk.content) && ('stop_reason' in chunk || 'usage' in chunk);
}

function readDelta(chunk: JsonObject): TextReading {
  const delta = objectAt(chunk, 'delta');
  const index = indexAt(chunk, 'index');
  switch (delta?.type) {
    case 'text_delta':
      return readText(delta.text, index);
    case 'thinking_delta':
      return { content: reasoningContent(delta.thinking, index) };
    case 'signature_delta':
      return { content: reasoningSignature(delta.signature, index) };
    case 'citations_delta':
      return { content: citation(delta.citation, index) };
    case 'input_json_delta':
      return { content: toolCallArguments(index, delta.partial_json) };
    default:
      return { content: noContent };
  }
}

function readBlockStart(chunk: JsonObject): TextReading {
  const block = objectAt(chunk, 'content_block');
  const index = indexAt(chunk, 'index');
  switch (block?.type) {
    case 'text':
      return readText(block.text, index);
    case 'redacted_thinking':
      return { content: reasoningRedacted(block.data, index) };
    case 'tool_use':
    case 'server_tool_use':
      return { content: [toolCallStart(index, block.id, block.name)] };
    default:
      return { content: noContent };
  }
}

function readMessage(message: JsonObject): ChunkReading {
  const { content } = message;
  return {
    ...(Array.isArray(content) ? joinTexts(content.filter(isJsonObject).map(readBlock)) : readText(content, 0)),
    stopReason: stopReasonAt(message, 'stop_reason'),
    endsAnswer: true,
    usage: readCounters(message.usage),
  };
}

function readBlock(block: JsonObject, index: number): TextReading {
  switch (block.type) {
    case 'text': {
      const citations = objectsAt(block, 'citations').flatMap((each) => citation(each, index));
      return joinTexts([readText(block.text, index), { content: citations }]);
    }
    case 'thinking':
      return { content: [...reasoningContent(block.thinking, index), ...reasoningSignature(block.signature, index)] };
    case 'redacted_thinking':
      return { content: reasoningRedacted(block.data, index) };
    case 'tool_use':
    case 'server_tool_use':
      return { content: wholeToolCall(index, block.id, block.name, block.input) };
    default:
      return { content: noContent };
  }
}

function readCounters(usage: unknown): Usage | undefined {
  return usageOf({
    inputTokens: countAt(usage, 'input_tokens'),
    outputTokens: countAt(usage, 'output_tokens'),
    cacheReadTokens: countAt(usage, 'cache_read_input_tokens'),
    cacheWriteTokens: countAt(usage, 'cache_creation_input_tokens'),
    cacheWrite1hTokens: countAt(objectAt(usage, 'cache_creation'), 'ephemeral_1h_input_tokens'),
  });
}
