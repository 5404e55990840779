import type { ChunkReading, ContentEvent, ModelFamily } from './chunk-reading.js';
import { type JsonObject, objectAt, stringAt } from './json-object.js';
import { readUsage } from './usage.js';

const chunkTypes: ReadonlySet<unknown> = new Set([
  'message_start',
  'content_block_start',
  'content_block_delta',
  'content_block_stop',
  'message_delta',
  'message_stop',
  'ping',
  'error',
]);

const usageKeys = {
  inputTokens: 'input_tokens',
  outputTokens: 'output_tokens',
  cacheReadTokens: 'cache_read_input_tokens',
  cacheWriteTokens: 'cache_creation_input_tokens',
};

/** Anthropic Claude, messages API. Blocks and deltas of unknown types are skipped, as Anthropic asks of its clients. */
export const claudeMessages: ModelFamily = {
  name: 'claude-messages',
  matches: (chunk) => chunkTypes.has(chunk['type']),
  read(chunk): ChunkReading {
    switch (chunk['type']) {
      case 'content_block_delta':
        return { content: readDelta(chunk) };
      case 'content_block_start':
        return { content: readBlockStart(chunk) };
      case 'message_start':
        return withUsage(objectAt(chunk, 'message'), {});
      case 'message_delta': {
        const stopReason = stringAt(chunk['delta'], 'stop_reason');
        return withUsage(chunk, stopReason === undefined ? {} : { stopReason });
      }
      case 'message_stop':
        return { endsAnswer: true };
      case 'error':
        return {
          failure: {
            type: stringAt(chunk['error'], 'type') ?? 'error',
            message: stringAt(chunk['error'], 'message') ?? 'no message',
          },
        };
      default:
        return {};
    }
  },
};

function readDelta(chunk: JsonObject): readonly ContentEvent[] {
  const delta = objectAt(chunk, 'delta');
  switch (delta?.['type']) {
    case 'text_delta':
      return textOf(delta['text']);
    case 'thinking_delta': {
      const text = stringAt(delta, 'thinking');
      return text === undefined ? [] : [{ type: 'reasoning-delta', text }];
    }
    case 'input_json_delta': {
      const json = stringAt(delta, 'partial_json');
      return json === undefined ? [] : [{ type: 'tool-call-delta', index: indexOf(chunk), arguments: json }];
    }
    default:
      return [];
  }
}

function readBlockStart(chunk: JsonObject): readonly ContentEvent[] {
  const block = objectAt(chunk, 'content_block');
  switch (block?.['type']) {
    case 'text':
      return textOf(block['text']);
    case 'tool_use':
      return [
        {
          type: 'tool-call-start',
          index: indexOf(chunk),
          id: stringAt(block, 'id') ?? '',
          name: stringAt(block, 'name') ?? '',
        },
      ];
    default:
      return [];
  }
}

function textOf(text: unknown): readonly ContentEvent[] {
  return typeof text === 'string' && text !== '' ? [{ type: 'text-delta', text }] : [];
}

function indexOf(chunk: JsonObject): number {
  return typeof chunk['index'] === 'number' ? chunk['index'] : 0;
}

function withUsage(holder: JsonObject | undefined, reading: ChunkReading): ChunkReading {
  const usage = readUsage(holder?.['usage'], usageKeys);
  return usage === undefined ? reading : { ...reading, usage };
}
