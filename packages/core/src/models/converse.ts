import type { Usage } from '../ports/model-invoker.js';
import {
  type ChunkReading,
  type ContentEvent,
  citation,
  type ModelFamily,
  noContent,
  reasoningContent,
  reasoningRedacted,
  reasoningSignature,
  textContent,
  toolCallArguments,
  toolCallStart,
  usageOf,
  wholeToolCall,
} from './chunk-reading.js';
import { countAt, indexAt, isJsonObject, type JsonObject, objectAt, objectsAt, stringAt } from './json-object.js';

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
    if ('contentBlockDelta' in chunk) return { content: readDelta(objectAt(chunk, 'contentBlockDelta')) };
    if ('contentBlockStart' in chunk) return { content: readBlockStart(objectAt(chunk, 'contentBlockStart')) };
    if ('messageStop' in chunk) return { endsAnswer: true, stopReason: stringAt(chunk.messageStop, 'stopReason') };
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

function readDelta(block: JsonObject | undefined): readonly ContentEvent[] {
  const delta = objectAt(block, 'delta');
  if (!block || !delta) return noContent;
  const index = indexAt(block, 'contentBlockIndex');
  if ('text' in delta) return textContent(delta.text, index);
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
  return [toolCallStart(indexAt(block, 'contentBlockIndex'), toolUse.toolUseId, toolUse.name)];
}

function readWhole(answer: JsonObject): ChunkReading {
  return {
    content: objectsAt(objectAt(answer.output, 'message'), 'content').flatMap(readBlock),
    stopReason: stringAt(answer, 'stopReason'),
    endsAnswer: true,
    usage: readCounters(answer.usage),
  };
}

function readBlock(block: JsonObject, index: number): readonly ContentEvent[] {
  const { text, reasoningContent: reasoning, toolUse, citationsContent } = block;
  if (isJsonObject(toolUse)) return wholeToolCall(index, toolUse.toolUseId, toolUse.name, toolUse.input);
  if (isJsonObject(reasoning)) {
    const { reasoningText, redactedContent } = reasoning;
    return [
      ...reasoningContent(stringAt(reasoningText, 'text'), index),
      ...reasoningSignature(stringAt(reasoningText, 'signature'), index),
      ...reasoningRedacted(redactedContent, index),
    ];
  }
  if (isJsonObject(citationsContent)) return readCitedText(citationsContent, index);
  return textContent(text, index);
}

function readCitedText(cited: JsonObject, index: number): readonly ContentEvent[] {
  return [
    ...objectsAt(cited, 'content').flatMap(({ text }) => textContent(text, index)),
    ...objectsAt(cited, 'citations').flatMap((each) => citation(each, index)),
  ];
}

/** Nova and Converse have different names for the cache counters. A chunk can have both. */
function readCounters(usage: unknown): Usage | undefined {
  return usageOf({
    inputTokens: countAt(usage, 'inputTokens'),
    outputTokens: countAt(usage, 'outputTokens'),
    cacheReadTokens: countAt(usage, 'cacheReadInputTokens') ?? countAt(usage, 'cacheReadInputTokenCount'),
    cacheWriteTokens: countAt(usage, 'cacheWriteInputTokens') ?? countAt(usage, 'cacheWriteInputTokenCount'),
  });
}
