import { isJsonObject, type JsonObject } from '../../models/json-object.js';
import type { CachePoints } from './cache-points.js';
import type { Block, CallBlock, ResultBlock, Turn } from './conversation.js';
import type { SafeNames } from './safe-names.js';

/** What the blocks of messages become depends on. */
export interface MessageOptions {
  readonly names: SafeNames;
  readonly ids: SafeNames;
  readonly points: CachePoints;
  /** Without tools, Converse refuses the calls and results of earlier turns: they become text. */
  readonly hasTools: boolean;
}

/** The messages of a Converse request. */
export function renderMessages(turns: readonly Turn[], options: MessageOptions): readonly JsonObject[] {
  let documents = 0;
  const nextName = () => {
    documents += 1;
    return `document-${documents}`;
  };
  return turns.map(({ role, blocks }) => {
    const content = blocks.flatMap((block) => [
      ...renderBlock(block, options, nextName),
      ...options.points.behind(block.cache),
    ]);
    return { role, content: withTextForDocuments(content) };
  });
}

/** Blocks without calls and results, as the system prompt has them. */
export function renderBlocks(blocks: readonly Block[], points: CachePoints): readonly JsonObject[] {
  return blocks.flatMap((block) => [
    ...(block.type === 'text' ? [{ text: block.text }] : []),
    ...points.behind(block.cache),
  ]);
}

function renderBlock(block: Block, options: MessageOptions, nextName: () => string): readonly JsonObject[] {
  switch (block.type) {
    case 'text':
      return [{ text: block.text }];
    case 'media': {
      const { kind, value } = block;
      return [{ [kind]: kind === 'document' ? { ...value, name: nextName() } : value }];
    }
    case 'reasoning':
      return [{ reasoningContent: block.value }];
    case 'call':
      return [options.hasTools ? toolUse(block, options) : { text: `[tool call ${block.name} ${block.json}]` }];
    case 'result':
      return options.hasTools ? [toolResult(block, options)] : resultAsText(block);
  }
}

function toolUse({ id, name, json }: CallBlock, { names, ids }: MessageOptions): JsonObject {
  return { toolUse: { toolUseId: ids.of(id), name: names.of(name), input: readArguments(json) } };
}

/** Converse takes an object only. What a client sends back may have broken off, or was never there. */
function readArguments(json: string): JsonObject {
  if (json.trim() === '') return {};
  try {
    const input: unknown = JSON.parse(json);
    if (isJsonObject(input)) return input;
  } catch {
    // The same as for JSON that is no object.
  }
  return { raw: json };
}

function toolResult({ id, content }: ResultBlock, { ids }: MessageOptions): JsonObject {
  return { toolResult: { toolUseId: ids.of(id), content: content.flatMap(renderPlain) } };
}

function resultAsText({ content }: ResultBlock): readonly JsonObject[] {
  const texts = content.flatMap((block) => (block.type === 'text' ? [block.text] : []));
  const images = content.filter(({ type }) => type !== 'text');
  return [{ text: ['[tool result]', ...texts].join(' ') }, ...images.flatMap(renderPlain)];
}

function renderPlain(block: Block): readonly JsonObject[] {
  if (block.type === 'text') return [{ text: block.text }];
  return block.type === 'media' ? [{ [block.kind]: block.value }] : [];
}

/** Converse refuses a message with documents and no text. */
function withTextForDocuments(content: readonly JsonObject[]): readonly JsonObject[] {
  const documents = content.flatMap(({ document }) => (isJsonObject(document) ? [String(document['name'])] : []));
  if (documents.length === 0 || content.some((block) => 'text' in block)) return content;
  return [...content, { text: documents.join(', ') }];
}
