import type { Usage } from '../ports/model-invoker.js';
import {
  type ChunkReading,
  type ContentEvent,
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
import {
  countAt,
  indexAt,
  isJsonObject,
  type JsonObject,
  objectAt,
  objectsAt,
  stopReasonAt,
  stringAt,
} from './json-object.js';

/**
 * Amazon Nova and the Converse API. Each chunk is an object `{eventType: payload}`. The result of a server tool is not part of the text
 * of the model.
 */
export const converse: ModelFamily = {
  name: 'converse',
  isText: true,
  matches: (chunk) =>
    'contentBlockDelta' in chunk ||
    'contentBlockStop' in chunk ||
    'messageStart' in chunk ||
    'contentBlockStart' in chunk ||
    'messageStop' in chunk ||
    isMetadata(chunk.metadata) ||
    isWhole(chunk),
  read(chunk): ChunkReading {
    if ('contentBlockDelta' in chunk) return readDelta(objectAt(chunk, 'contentBlockDelta'));
    if ('contentBlockStart' in chunk) return { content: readBlockStart(objectAt(chunk, 'contentBlockStart')) };
    if ('messageStop' in chunk) return { endsAnswer: true, stopReason: stopReasonAt(chunk.messageStop, 'stopReason') };
    if (isWhole(chunk)) return readWhole(chunk);
    return { usage: readCounters(objectAt(chunk, 'metadata')?.usage) };
  },
};

/** Other APIs also have a field `metadata`. */
function isMetadata(metadata: unknown): boolean {
  return isJsonObject(metadata) && ('usage' in metadata || 'metrics' in metadata);
}

function isWhole(chunk: JsonObject): boolean {
  return objectAt(chunk.output, 'message') !== undefined;
}

function readDelta(block: JsonObject | undefined): TextReading {
  const delta = objectAt(block, 'delta');
  if (!block || !delta) return { content: noContent };
  const index = indexAt(block, 'contentBlockIndex');
  if ('text' in delta) return readText(delta.text, index);
  return { content: readOther(delta, index) };
}

function readOther(delta: JsonObject, index: number): readonly ContentEvent[] {
  if ('reasoningContent' in delta) return readReasoning(objectAt(delta, 'reasoningContent'), index);
  if ('toolUse' in delta) return toolCallArguments(index, stringAt(delta.toolUse, 'input'));
  return citation(delta.citation, index);
}

/** A delta of reasoning holds text, a signature or encrypted content. */
function readReasoning(reasoning: JsonObject | undefined, index: number): readonly ContentEvent[] {
  if (!reasoning) return noContent;
  if ('text' in reasoning) return reasoningContent(reasoning.text, index);
  if ('signature' in reasoning) return reasoningSignature(reasoning.signature, index);
  return reasoningRedacted(reasoning.redactedContent, index);
}

function readBlockStart(block: JsonObject | undefined): readonly ContentEvent[] {
  const toolUse = objectAt(block?.start, 'toolUse');
  if (!block || !toolUse) return noContent;
  return [readCallStart(indexAt(block, 'contentBlockIndex'), toolUse)];
}

function readCallStart(index: number, { toolUseId, name, type }: JsonObject): ContentEvent {
  const start = toolCallStart(index, toolUseId, name);
  return type === 'server_tool_use' ? { ...start, runsAtHost: true } : start;
}

function readWhole(answer: JsonObject): ChunkReading {
  return {
    ...joinTexts(objectsAt(objectAt(answer.output, 'message'), 'content').map(readBlock)),
    stopReason: stopReasonAt(answer, 'stopReason'),
    endsAnswer: true,
    usage: readCounters(answer.usage),
  };
}

function readBlock(block: JsonObject, index: number): TextReading {
  const { text, reasoningContent: reasoning, toolUse, citationsContent } = block;
  if (isJsonObject(toolUse)) {
    const [, ...input] = wholeToolCall(index, toolUse.toolUseId, toolUse.name, toolUse.input);
    return { content: [readCallStart(index, toolUse), ...input] };
  }
  if (isJsonObject(reasoning)) return { content: readWholeReasoning(reasoning, index) };
  if (isJsonObject(citationsContent)) return readCitedText(citationsContent, index);
  return readText(text, index);
}

function readWholeReasoning({ reasoningText, redactedContent }: JsonObject, index: number): readonly ContentEvent[] {
  return [
    ...reasoningContent(stringAt(reasoningText, 'text'), index),
    ...reasoningSignature(stringAt(reasoningText, 'signature'), index),
    ...reasoningRedacted(redactedContent, index),
  ];
}

function readCitedText(cited: JsonObject, index: number): TextReading {
  const citations = objectsAt(cited, 'citations').flatMap((each) => citation(each, index));
  return joinTexts([...objectsAt(cited, 'content').map(({ text }) => readText(text, index)), { content: citations }]);
}

/** Nova and Converse have different names for the cache counters. A chunk can have both. */
function readCounters(usage: unknown): Usage | undefined {
  return usageOf({
    inputTokens: countAt(usage, 'inputTokens'),
    outputTokens: countAt(usage, 'outputTokens'),
    cacheReadTokens: countAt(usage, 'cacheReadInputTokens') ?? countAt(usage, 'cacheReadInputTokenCount'),
    cacheWriteTokens: countAt(usage, 'cacheWriteInputTokens') ?? countAt(usage, 'cacheWriteInputTokenCount'),
    cacheWrite1hTokens: hourTokens(objectsAt(usage, 'cacheDetails')),
  });
}

/** The tokens that were written for an hour; undefined if no such write is listed. */
function hourTokens(details: readonly JsonObject[]): number | undefined {
  const hours = details.filter(({ ttl }) => ttl === '1h');
  return hours.length === 0 ? undefined : hours.reduce((sum, each) => sum + (countAt(each, 'inputTokens') ?? 0), 0);
}
